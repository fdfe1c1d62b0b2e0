export interface Bucket {
  /** With its APPID suffix: `board-1250000000`. */
  name: string;
  region: string;
  /** Where its objects are: `https://board-1250000000.cos.ap-shanghai.myqcloud.com`. */
  origin: string;
}

export interface Policy {
  version: '2.0';
  statement: readonly { effect: 'allow'; action: readonly string[]; resource: readonly string[] }[];
}

/** Whose files of a class: `<classId>/u/<userId>/`. */
export const ownPrefix = (classId: string, userId: string): string => `${classId}/u/${userId}/`;
/** What the teacher hands out: `<classId>/courseware/`. */
export const coursewarePrefix = (classId: string): string => `${classId}/courseware/`;
/** All files of a class. */
export const classPrefix = (classId: string): string => `${classId}/`;

/** Simple and multipart upload. Source: https://cloud.tencent.com/document/product/436/31923 */
const uploadActions = [
  'name/cos:PutObject',
  'name/cos:PostObject',
  'name/cos:InitiateMultipartUpload',
  'name/cos:ListMultipartUploads',
  'name/cos:ListParts',
  'name/cos:UploadPart',
  'name/cos:CompleteMultipartUpload',
  'name/cos:AbortMultipartUpload',
];
const downloadActions = ['name/cos:GetObject', 'name/cos:HeadObject'];
const listActions = ['name/cos:GetBucket'];
const actionOfMethod = { PUT: 'name/cos:PutObject', GET: 'name/cos:GetObject', HEAD: 'name/cos:HeadObject' } as const;

/** What can be done to one object by one signed request. */
export type ObjectMethod = keyof typeof actionOfMethod;

/** Lets the holder upload below these prefixes, and nothing else. */
export const uploadPolicy = (bucket: Bucket, prefixes: readonly string[]): Policy =>
  allow(uploadActions, bucket, prefixes.map(below));

/** Lets the holder read below these prefixes, and nothing else. */
export const downloadPolicy = (bucket: Bucket, prefixes: readonly string[]): Policy =>
  allow(downloadActions, bucket, prefixes.map(below));

/** Lets the holder list what is below these prefixes, and nothing else. */
export const listPolicy = (bucket: Bucket, prefixes: readonly string[]): Policy =>
  allow(listActions, bucket, prefixes.map(below));

/** Lets the holder send this one request, for this one object. The key holds no `*`, which a policy cannot escape. */
export const objectPolicy = (bucket: Bucket, method: ObjectMethod, key: string): Policy =>
  allow([actionOfMethod[method]], bucket, [key]);

/** Prefixes end in a slash, so that `c1/*` does not reach `c10/`. */
const below = (prefix: string) => `${prefix}*`;

/**
 * No `principal`: STS forbids it.
 * Source: https://cloud.tencent.com/document/product/436/14048
 */
const allow = (action: readonly string[], { name, region }: Bucket, paths: readonly string[]): Policy => ({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action,
      resource: paths.map((path) => `qcs::cos:${region}:uid/${appIdOf(name)}:${name}/${path}`),
    },
  ],
});

/** A bucket's name ends in it: `1250000000` of `board-1250000000`. */
export const appIdOf = (bucketName: string): string => bucketName.slice(bucketName.lastIndexOf('-') + 1);

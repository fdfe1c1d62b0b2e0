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

/** Lets the holder upload below these prefixes, and nothing else. */
export const uploadPolicy = (bucket: Bucket, prefixes: readonly string[]): Policy =>
  allow(uploadActions, bucket, prefixes);

/** Lets the holder read below these prefixes, and nothing else. */
export const downloadPolicy = (bucket: Bucket, prefixes: readonly string[]): Policy =>
  allow(downloadActions, bucket, prefixes);

/**
 * Prefixes end in a slash, so that `c1/*` does not reach `c10/`. No `principal`: STS forbids it.
 * Source: https://cloud.tencent.com/document/product/436/14048
 */
const allow = (action: readonly string[], { name, region }: Bucket, prefixes: readonly string[]): Policy => ({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action,
      resource: prefixes.map((prefix) => `qcs::cos:${region}:uid/${appIdOf(name)}:${name}/${prefix}*`),
    },
  ],
});

const appIdOf = (bucketName: string) => bucketName.slice(bucketName.lastIndexOf('-') + 1);

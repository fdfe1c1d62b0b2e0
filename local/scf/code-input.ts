import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { account } from './settings.ts';

/** Reads an object of COS; undefined when there is no such bucket or object. */
export type ReadObject = (bucket: string, region: string, key: string) => Promise<Buffer | undefined>;

/** Where code comes from: a zip in base64, or an object of COS. */
export const codeFields = {
  ZipFile: z.optional(z.string()),
  CosBucketName: z.optional(z.string()),
  CosObjectName: z.optional(z.string()),
  CosBucketRegion: z.optional(z.string()),
};

type CodeInput = z.output<z.ZodMiniObject<typeof codeFields>>;

/**
 * The zip that a call names. The API's limit on a request (10 MB) is below those documented for `ZipFile` (50 MB to
 * create, 20 MB to update): what is larger comes through COS.
 * Source: https://cloud.tencent.com/document/api/583/17244#Code
 */
export const readCode = async (code: CodeInput, region: string, readObject: ReadObject): Promise<Buffer> => {
  const { ZipFile, CosBucketName, CosObjectName, CosBucketRegion = region } = code;
  const isCos = CosBucketName !== undefined || CosObjectName !== undefined;
  if ((ZipFile !== undefined) === isCos)
    throw new TencentApiError('InvalidParameterValue.Code', 'Name one source of the code.');
  if (ZipFile !== undefined) return decodeZip(ZipFile);
  if (CosBucketName === undefined || !/^[a-z0-9-]+$/.test(CosBucketName))
    throw new TencentApiError('InvalidParameterValue.CosBucketName', 'CosBucketName is missing or malformed.');
  if (CosObjectName === undefined || !/^\/./.test(CosObjectName))
    throw new TencentApiError('InvalidParameterValue.CosObjectName', 'CosObjectName is a path that begins with "/".');
  // SCF adds the appid itself.
  const object = await readObject(`${CosBucketName}-${account.appId}`, CosBucketRegion, CosObjectName.slice(1));
  if (!object) throw new TencentApiError('InvalidParameterValue.Cos', 'The object of COS cannot be read.');
  return object;
};

const decodeZip = (text: string): Buffer => {
  const archive = Buffer.from(text, 'base64');
  if (archive.toString('base64') !== text)
    throw new TencentApiError('InvalidParameterValue.ZipFileBase64BinasciiError', 'ZipFile is not base64.');
  return archive;
};

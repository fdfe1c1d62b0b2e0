import type { Operation } from './operation.ts';
import { xml } from './xml.ts';

/** Every page may do with the bucket what it has a signature for. It cannot be changed. */
export const corsRule = {
  AllowedOrigin: '*',
  AllowedMethod: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
  AllowedHeader: '*',
  ExposeHeader: ['ETag', 'Content-Length', 'Content-Range', 'Date', 'Last-Modified', 'x-cos-request-id'],
  MaxAgeSeconds: 600,
};

/**
 * The bucket itself: that it is there, and its rules for pages of other origins.
 * Source: https://cloud.tencent.com/document/product/436/7735 and https://cloud.tencent.com/document/product/436/8274
 */
export const bucketOperations: readonly Operation[] = [
  { method: 'HEAD', target: 'bucket', query: [], action: 'HeadBucket', run: async () => ({ status: 200 }) },
  {
    method: 'GET',
    target: 'bucket',
    query: ['cors'],
    action: 'GetBucketCORS',
    run: async () => xml('CORSConfiguration', { CORSRule: corsRule }),
  },
];

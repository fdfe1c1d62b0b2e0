import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import type { LocalReply } from '../http.ts';
import { CosError } from './cos-error.ts';

const builder = new XMLBuilder({ suppressEmptyNode: true });
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Part' });

/** One XML document as a reply; a field that is undefined is left out. */
export const xml = (root: string, fields: object, status = 200): LocalReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="utf-8"?>${builder.build({ [root]: fields })}`,
});

const completionSchema = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.array(z.object({ PartNumber: z.string().check(z.regex(/^\d{1,5}$/)), ETag: z.string() })),
  }),
});

/** The parts that a `CompleteMultipartUpload` body names, in its order; `etag` is without quotes. */
export const parseCompletion = (body: Buffer): { partNumber: number; etag: string }[] => {
  const { data } = completionSchema.safeParse(parseXml(body));
  if (!data) throw new CosError('MalformedXML', 'The body is not a CompleteMultipartUpload.');
  return data.CompleteMultipartUpload.Part.map(({ PartNumber, ETag }) => ({
    partNumber: Number(PartNumber),
    etag: ETag.replace(/^"|"$/g, ''),
  }));
};

const parseXml = (body: Buffer): unknown => {
  try {
    return parser.parse(body);
  } catch {
    return undefined;
  }
};

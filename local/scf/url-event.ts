import * as z from 'zod/mini';
import type { LocalReply, LocalRequest } from '../http.ts';

/**
 * The event of a function URL: names of headers in lower case, nothing of the gateway that there was once. How bytes that
 * are no text arrive is not documented: here as they are answered, in Base64.
 * Source: https://cloud.tencent.com/document/product/583/96099
 */
export const toUrlEvent = ({ method, query, headers, body, remoteAddress }: LocalRequest, path: string) => {
  const text = body.toString('utf8');
  const isText = Buffer.from(text).equals(body);
  return {
    httpMethod: method,
    path,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      'x-scf-remote-addr': remoteAddress,
    },
    queryString: Object.fromEntries(query),
    body: isText ? text : body.toString('base64'),
    ...(!isText && { isBase64Encoded: true }),
  };
};

const replySchema = z.object({
  statusCode: z.int().check(z.minimum(100), z.maximum(599)),
  headers: z._default(z.record(z.string(), z.union([z.string(), z.array(z.string()), z.number()])), {}),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
});

/** A result without a status is the body of a 200. Source: as above. */
export const toUrlReply = (result: string): Exclude<LocalReply, 'hang up'> => {
  const value: unknown = JSON.parse(result);
  const reply = replySchema.safeParse(value).data;
  if (!reply) return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
  const headers = Object.entries(reply.headers).map(([name, text]) => [
    name,
    typeof text === 'number' ? String(text) : text,
  ]);
  return {
    status: reply.statusCode,
    headers: Object.fromEntries(headers),
    body: Buffer.from(reply.body, reply.isBase64Encoded ? 'base64' : 'utf8'),
  };
};

/** What SCF passes beside the event; only what is read. Source: https://cloud.tencent.com/document/product/583/9210 */
export interface ScfContext {
  request_id?: string;
  function_name?: string;
  callbackWaitsForEmptyEventLoop?: boolean;
}

/**
 * An HTTP event in either of its shapes: of a function URL, or of the API Gateway that came before it.
 * A function URL's has no `isBase64Encoded`, `queryStringParameters` and `requestContext`.
 * Source: https://cloud.tencent.com/document/product/583/96099
 */
export interface HttpEvent {
  httpMethod: string;
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: string;
  isBase64Encoded: boolean;
}

/** Reads an event; `undefined` when it is not an HTTP event. Header names come out in lower case. */
export const readHttpEvent = (event: unknown): HttpEvent | undefined => {
  if (!isRecord(event) || typeof event.httpMethod !== 'string') return undefined;
  return {
    httpMethod: event.httpMethod.toUpperCase(),
    headers: strings(event.headers, (name) => name.toLowerCase()),
    query: strings(event.queryString ?? event.queryStringParameters),
    body: typeof event.body === 'string' ? event.body : '',
    isBase64Encoded: event.isBase64Encoded === true,
  };
};

/** The decoded body. */
export const bodyBytes = ({ body, isBase64Encoded }: HttpEvent): Buffer =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');

/** A header or parameter that came several times is a list in some gateways: the first counts. */
const strings = (values: unknown, rename = (name: string) => name): Record<string, string> => {
  const result: Record<string, string> = {};
  if (!isRecord(values)) return result;
  for (const [name, value] of Object.entries(values)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string' || typeof first === 'number') result[rename(name)] = String(first);
  }
  return result;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One object of a listing. */
export interface ListedObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  lastModified: number;
}

export interface Listing {
  objects: ListedObject[];
  /** Where to go on, when there is more. */
  nextMarker: string | undefined;
}

export interface CosProblem {
  code: string | undefined;
  message: string | undefined;
  requestId: string | undefined;
}

/**
 * Reads COS's `ListBucketResult` of a request with `encoding-type=url`, whose keys are percent-encoded. A whole XML
 * parser would add 20 KB and 20 ms to a cold start. Throws an `Error` when it is something else.
 * Source: https://cloud.tencent.com/document/product/436/7734
 */
export const readListing = (xml: string): Listing => {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = '']) => ({
    key: decodeURIComponent(requireText(entry, 'Key')),
    size: requireNumber(entry, 'Size', Number),
    lastModified: requireNumber(entry, 'LastModified', (text) => Math.floor(Date.parse(text) / 1000)),
  }));
  const isTruncated = requireText(xml, 'IsTruncated') === 'true';
  return { objects, nextMarker: isTruncated ? decodeURIComponent(requireText(xml, 'NextMarker')) : undefined };
};

/** Reads COS's `Error`, as far as the reply holds one. Source: https://cloud.tencent.com/document/product/436/7730 */
export const readProblem = (xml: string): CosProblem => ({
  code: textOf(xml, 'Code'),
  message: textOf(xml, 'Message'),
  requestId: textOf(xml, 'RequestId'),
});

/** The text of the first element of that name. */
const textOf = (xml: string, name: string): string | undefined => {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(amp|lt|gt|quot|apos|#\d{1,6}|#x[\da-fA-F]{1,5});/g, (_, entity: string) => charOf(entity));
};

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML writes some characters by their names, and may write any by its number. */
const charOf = (entity: string): string =>
  named[entity] ?? String.fromCodePoint(Number(entity.replace('#x', '0x').replace('#', '')));

const requireText = (xml: string, name: string): string => {
  const text = textOf(xml, name);
  if (text === undefined) throw new Error(`the reply has no ${name}`);
  return text;
};

const requireNumber = (xml: string, name: string, parse: (text: string) => number): number => {
  const number = parse(requireText(xml, name));
  if (!Number.isSafeInteger(number)) throw new Error(`the reply has a ${name} that is no number`);
  return number;
};

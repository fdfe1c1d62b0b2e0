import { CosError } from './cos-error.ts';
import { compareKeys } from './store.ts';

export interface ListOrder {
  prefix: string;
  /** Only what comes after it is listed. */
  marker: string;
  /** Keys that share the text up to its first occurrence after the prefix become one common prefix; empty: none do. */
  delimiter: string;
  maxKeys: number;
}

export interface Page<Item> {
  items: Item[];
  commonPrefixes: string[];
  /** The last entry, when there are more. */
  nextMarker: string | undefined;
}

/** Cuts one page out of items in the order of their keys. */
export const listPage = <Item extends { key: string }>(
  sorted: readonly Item[],
  { prefix, marker, delimiter, maxKeys }: ListOrder,
): Page<Item> => {
  const page: Page<Item> = { items: [], commonPrefixes: [], nextMarker: undefined };
  let last: string | undefined;
  for (const item of sorted) {
    if (!item.key.startsWith(prefix) || compareKeys(item.key, marker) <= 0) continue;
    const cut = delimiter === '' ? -1 : item.key.indexOf(delimiter, prefix.length);
    const entry = cut < 0 ? item.key : item.key.slice(0, cut + delimiter.length);
    if (cut >= 0 && (entry === last || entry === marker)) continue;
    if (page.items.length + page.commonPrefixes.length >= maxKeys) return { ...page, nextMarker: last };
    if (cut < 0) page.items.push(item);
    else page.commonPrefixes.push(entry);
    last = entry;
  }
  return page;
};

/** A page size of the query, 1000 when left out and at most. */
export const readLimit = (query: URLSearchParams, name: string): number => {
  const text = query.get(name) ?? '1000';
  if (!/^\d{1,9}$/.test(text)) throw new CosError('InvalidArgument', `${name} must be an integer from 0 on.`);
  return Math.min(Number(text), 1000);
};

/** How names are written in a listing: `encoding-type=url` percent-encodes what XML could not carry. */
export const readEncoding = (query: URLSearchParams) => {
  const encodingType = query.get('encoding-type') ?? undefined;
  if (encodingType !== undefined && encodingType !== 'url')
    throw new CosError('InvalidArgument', 'encoding-type can only be url.');
  return { encodingType, encode: encodingType ? encodeURIComponent : (text: string) => text };
};

import type { BucketClient } from './bucket-client.ts';
import type { ListedObject } from './bucket-xml.ts';
import { type Bucket, listPolicy } from './policy.ts';
import type { Sts } from './sts.ts';

export interface ObjectListOptions {
  bucket: Bucket;
  sts: Sts;
  client: BucketClient;
}

export interface ObjectPage {
  objects: ListedObject[];
  /** The key after which to go on, when there may be more. */
  last: string | undefined;
}

/** Nobody but us sees these credentials: they need only outlive one page. */
const credentialsSeconds = 60;

/** What is stored below some prefixes, page by page, with temporary credentials that can list them and do nothing else. */
export const createObjectList = ({ bucket, sts, client }: ObjectListOptions) => ({
  /**
   * The objects below these prefixes after the key `after`, which is empty for the first page, in the order of their
   * keys. Throws what STS and the bucket throw.
   */
  async page(prefixes: readonly string[], after: string, limit: number): Promise<ObjectPage> {
    const left = prefixes.filter((prefix) => prefix > after || after.startsWith(prefix)).toSorted();
    const credentials = await sts.vend(listPolicy(bucket, left), credentialsSeconds);
    const objects: ListedObject[] = [];
    for (const prefix of left) {
      const maxKeys = limit - objects.length;
      const listing = await client.list({ prefix, marker: after, maxKeys }, credentials);
      objects.push(...listing.objects);
      if (listing.nextMarker !== undefined) return { objects, last: listing.nextMarker };
      if (objects.length >= limit && prefix !== left.at(-1)) return { objects, last: objects.at(-1)?.key };
    }
    return { objects, last: undefined };
  },
});

export type ObjectList = ReturnType<typeof createObjectList>;

import type { LocalReply, LocalRequest } from '../http.ts';
import type { Store } from './store.ts';

/** What an operation has at hand once its request is authorized. */
export interface Context {
  request: LocalRequest;
  /** Decoded; empty for an operation on the bucket. */
  key: string;
  bucket: string;
  store: Store;
}

/** One request of the XML API: how it is told from the others, the action that a policy must allow, what it does. */
export interface Operation {
  method: string;
  target: 'bucket' | 'object';
  /** Which of the telling query parameters it has; it must not have the others. */
  query: readonly ('uploads' | 'uploadId' | 'partNumber' | 'cors')[];
  /** `name/cos:` goes before it. */
  action: string;
  run(context: Context): Promise<LocalReply>;
}

import type { WordList } from '../../lib/classroom/words/word-list.ts';
import { mergeEntries } from '../../lib/moderation/merge-entries.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { editDirtyWordsInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  wordList: Pick<WordList, 'edit'>;
}

const maxBodyBytes = 5 * 1024 * 1024;

/** `POST /edit-dirty-words`: one edit of the word list, wholly or not at all; 400 names every bad word. Admins only. */
export const createHandler = ({ http, wordList }: Deps) =>
  httpEndpoint(http, {
    roles: ['admin'],
    input: editDirtyWordsInput,
    maxBodyBytes,
    run: ({ add, remove, replaceAll }) =>
      wordList.edit({ add: mergeEntries(add), remove, ...(replaceAll && { replaceAll: mergeEntries(replaceAll) }) }),
  });

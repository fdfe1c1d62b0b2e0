import type { WordList } from '../../lib/classroom/words/word-list.ts';
import { cursorOf } from '../../lib/cursor.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type ListDirtyWordsOutput, listDirtyWordsInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  wordList: Pick<WordList, 'page'>;
}

/** `POST /list-dirty-words`: the word list, page by page in code-point order. Admins only. */
export const createHandler = ({ http, wordList }: Deps) =>
  httpEndpoint(http, {
    roles: ['admin'],
    input: listDirtyWordsInput,
    async run({ cursor = '', limit }): Promise<ListDirtyWordsOutput> {
      const { version, words } = await wordList.page(cursor, limit);
      const last = words.at(-1);
      return { version, words, ...(last && words.length === limit && { nextCursor: cursorOf(last.word) }) };
    },
  });

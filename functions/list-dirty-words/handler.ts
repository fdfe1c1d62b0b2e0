import type { WordList } from '../../lib/classroom/word-list.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { listDirtyWordsInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  wordList: Pick<WordList, 'page'>;
}

/** `POST /list-dirty-words`: the word list, page by page in code-point order. Admins only. */
export const createHandler = ({ http, wordList }: Deps) =>
  httpEndpoint(http, {
    roles: ['admin'],
    input: listDirtyWordsInput,
    async run({ cursor, limit }) {
      const { version, words } = await wordList.page(cursor === undefined ? '' : wordOf(cursor), limit);
      const last = words.at(-1);
      return { version, words, ...(last && words.length === limit && { nextCursor: cursorOf(last.word) }) };
    },
  });

/** A cursor is the last word of the page before. */
const cursorOf = (word: string): string => Buffer.from(word).toString('base64url');

const wordOf = (cursor: string): string => {
  const word = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursorOf(word) !== cursor || word.includes('\0')) {
    throw new AppError('BAD_REQUEST', 'The cursor is not one of ours.', {
      errors: [{ path: '/cursor', message: 'must be a nextCursor of an earlier reply' }],
    });
  }
  return word;
};

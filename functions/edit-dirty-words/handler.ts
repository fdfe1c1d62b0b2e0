import type { WordEditing } from '../../lib/classroom/words/word-editing.ts';
import type { WordSync } from '../../lib/classroom/words/word-sync.ts';
import { mergeEntries } from '../../lib/moderation/merge-entries.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type EditDirtyWordsOutput, editDirtyWordsInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  wordEditing: Pick<WordEditing, 'edit'>;
  /** When IM's own list follows ours. */
  wordSync: Pick<WordSync, 'tellIm'> | undefined;
}

const maxBodyBytes = 5 * 1024 * 1024;
/** The sweep tells IM the rest. */
const tellImForMs = 2000;

/** `POST /edit-dirty-words`: one edit of the word list, wholly or not at all; 400 names every bad word. Admins only. */
export const createHandler = ({ http, wordEditing, wordSync }: Deps) =>
  httpEndpoint(http, {
    roles: ['admin'],
    input: editDirtyWordsInput,
    maxBodyBytes,
    async run({ add, remove, replaceAll }): Promise<EditDirtyWordsOutput> {
      const edited = await wordEditing.edit({
        add: mergeEntries(add),
        remove,
        ...(replaceAll && { replaceAll: mergeEntries(replaceAll) }),
      });
      await wordSync?.tellIm(tellImForMs);
      return edited;
    },
  });

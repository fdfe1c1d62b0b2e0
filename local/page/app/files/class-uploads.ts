import { ClassroomError, type Reply } from '../../../../client/classroom.ts';
import { client, person } from '../session.ts';
import { createCosTransfer } from './cos-transfer.ts';
import { groupFiles } from './file-groups.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** By class. They outlive the screen of a class, so that one can look elsewhere while they go on. */
const uploadsByClass = new Map<string, Uploads<File>>();

/** The uploads of who is signed in, in one class. */
export const uploadsOf = (classId: string, userId: string): Uploads<File> => {
  const known = uploadsByClass.get(classId);
  if (known) return known;
  const created = createUploads<File>({
    transfer: createCosTransfer(classId),
    namesIn: (area) => namesIn(classId, area === 'own' ? userId : undefined),
    // The class is over, say. That nobody answers, or too many ask, goes by.
    isFinal: (error) => error instanceof ClassroomError && error.status >= 400 && error.status < 429,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  uploadsByClass.set(classId, created);
  return created;
};

const namesIn = async (classId: string, userId: string | undefined): Promise<string[]> => {
  const files = [];
  let cursor: string | undefined;
  do {
    const page: Reply<'list-files'> = await client.call('list-files', {
      classId,
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    files.push(...page.files);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return groupFiles(files)
    .filter((group) => group.userId === userId)
    .flatMap((group) => group.files.map(({ name }) => name));
};

// Credentials are of one person: nobody sends on what another has chosen.
let owner = person.value?.userId;
person.subscribe((who) => {
  if (who?.userId === owner) return;
  owner = who?.userId;
  for (const uploads of uploadsByClass.values()) for (const { id } of uploads.list.value) uploads.cancel(id);
  uploadsByClass.clear();
});

import { classFiles } from '../../lib/classroom/class/class-files.ts';
import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { ObjectList } from '../../lib/cos/object-list.ts';
import { cursorOf } from '../../lib/cursor.ts';
import { AppError } from '../../lib/errors.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type ListFilesOutput, listFilesInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireReader'>;
  objectList: ObjectList;
}

/**
 * `POST /list-files`: the caller's own files of a class and its courseware, to its teacher all files, page by page in the
 * order of their keys. 403 unless a member, 410 from 30 days after the end.
 */
export const createHandler = ({ http, classes, objectList }: Deps) =>
  httpEndpoint(http, {
    input: listFilesInput,
    async run({ classId, cursor, limit }, caller): Promise<ListFilesOutput> {
      const { lesson } = await classes.requireReader(classId, caller);
      const { readable } = classFiles(lesson, caller.userId);
      if (cursor !== undefined) assertWithin(readable, cursor);
      const { objects, last } = await objectList.page(readable, cursor ?? '', limit);
      return { files: objects, ...(last !== undefined && { nextCursor: cursorOf(last) }) };
    },
  });

/** A cursor lies where the caller may read. */
const assertWithin = (prefixes: readonly string[], key: string): void => {
  if (prefixes.some((prefix) => key.startsWith(prefix))) return;
  throw new AppError('BAD_REQUEST', 'The body has wrong fields.', {
    errors: [{ path: '/cursor', message: 'must be a nextCursor of an earlier reply' }],
  });
};

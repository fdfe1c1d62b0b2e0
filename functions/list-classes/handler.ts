import { classView } from '../../lib/classroom/class/class.ts';
import type { ClassListing } from '../../lib/classroom/class/class-listing.ts';
import { cursorOf } from '../../lib/cursor.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type ListClassesOutput, listClassesInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  listing: Pick<ClassListing, 'page'>;
}

/** `POST /list-classes`: the classes that the caller teaches, assists or has joined, newest first; to admins all. */
export const createHandler = ({ http, listing }: Deps) =>
  httpEndpoint(http, {
    input: listClassesInput,
    async run({ status, cursor, limit }, caller): Promise<ListClassesOutput> {
      const { lessons, last } = await listing.page(caller, { status, after: cursor, limit });
      return {
        classes: lessons.map(classView),
        ...(last && { nextCursor: cursorOf(`${last.createdAt} ${last.classId}`) }),
      };
    },
  });

import type { Reporter } from '../feed.ts';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from '../http.ts';

/** One call of SCF's API: what it was for, and how it ended. */
export interface RecordedCall {
  action: string;
  /** Its parameters without code, variables and events. */
  request: unknown;
  /** As in the feed: `ok`, `refused`, `reply lost`. */
  outcome: string;
  code?: number | string;
}

const keptCalls = 10_000;

/** Listens to what the API tells, keeps SCF's calls, and passes all on. */
export const createCallRecord = (feed: Reporter) => {
  let calls: RecordedCall[] = [];

  const reporter: Reporter = {
    begin() {
      const tell = feed.begin();
      return (event) => {
        if (event.kind === 'upstream' && event.service === 'SCF') {
          const { command: action, request, outcome, code } = event;
          calls.push({ action, request, outcome, ...(code !== undefined && { code }) });
          calls.splice(0, calls.length - keptCalls);
        }
        tell(event);
      };
    },
  };

  return {
    reporter,
    /** `/local/scf/calls` on the cloud port: GET shows them, oldest first; DELETE forgets them. */
    handle(request: LocalRequest): LocalReply {
      if (isFromForeignPage(request)) return json({ error: 'Calls are not for pages of other sites.' }, 403);
      if (request.method === 'DELETE') calls = [];
      else if (request.method !== 'GET') return { status: 405, headers: { allow: 'GET, DELETE' } };
      return json({ calls });
    },
  };
};

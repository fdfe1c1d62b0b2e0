import { fieldErrors } from '../lib/field-errors.ts';
import { type Faults, faultSchema } from './faults.ts';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from './http.ts';

/** `/local/faults` on the cloud port: POST orders one, GET shows what is pending, DELETE forgets all. */
export const faultOrders = (faults: Faults, request: LocalRequest): LocalReply => {
  if (isFromForeignPage(request)) return json({ error: 'Faults are not for pages of other sites.' }, 403);
  switch (request.method) {
    case 'POST': {
      const parsed = faultSchema.safeParse(parseJson(request.body));
      if (!parsed.success) return json({ errors: fieldErrors(parsed.error.issues) }, 400);
      faults.order(parsed.data);
      return json({ pending: faults.pending() });
    }
    case 'GET':
      return json({ pending: faults.pending() });
    case 'DELETE':
      faults.clear();
      return json({ pending: [] });
    default:
      return { status: 405, headers: { allow: 'GET, POST, DELETE' } };
  }
};

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The schema refuses it.
    return undefined;
  }
};

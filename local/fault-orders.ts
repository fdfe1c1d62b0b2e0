import { type Faults, faultSchema } from './faults.ts';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from './http.ts';
import { parseOrder } from './orders.ts';

/**
 * `/local/faults` on the cloud port: POST orders one, GET shows what is pending, DELETE forgets all. Pages of this machine
 * may, too.
 */
export const faultOrders = (faults: Faults, request: LocalRequest): LocalReply => {
  if (isFromForeignPage(request)) return json({ error: 'Faults are not for pages of other sites.' }, 403);
  const reply = answer(faults, request);
  const { origin } = request.headers;
  if (reply === 'hang up' || origin === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, 'access-control-allow-origin': origin, vary: 'Origin' } };
};

const answer = (faults: Faults, { method, body }: LocalRequest): LocalReply => {
  switch (method) {
    case 'POST': {
      const { order, refusal } = parseOrder(faultSchema, body);
      if (refusal) return refusal;
      faults.order(order);
      return json({ pending: faults.pending() });
    }
    case 'GET':
      return json({ pending: faults.pending() });
    case 'DELETE':
      faults.clear();
      return json({ pending: [] });
    case 'OPTIONS':
      return {
        status: 204,
        headers: {
          'access-control-allow-methods': methods,
          'access-control-allow-headers': 'content-type',
          'access-control-max-age': '600',
        },
      };
    default:
      return { status: 405, headers: { allow: methods } };
  }
};

const methods = 'GET, POST, DELETE';

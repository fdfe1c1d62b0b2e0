import { type Faults, faultSchema } from './faults.ts';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from './http.ts';
import { parseOrder } from './orders.ts';

/** `/local/faults` on the cloud port: POST orders one, GET shows what is pending, DELETE forgets all. */
export const faultOrders = (faults: Faults, request: LocalRequest): LocalReply => {
  if (isFromForeignPage(request)) return json({ error: 'Faults are not for pages of other sites.' }, 403);
  switch (request.method) {
    case 'POST': {
      const { order, refusal } = parseOrder(faultSchema, request.body);
      if (refusal) return refusal;
      faults.order(order);
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

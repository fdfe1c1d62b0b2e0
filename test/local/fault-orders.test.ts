import { describe, expect, it } from 'vitest';
import { faultOrders } from '../../local/fault-orders.ts';
import { createFaults } from '../../local/faults.ts';
import type { LocalReply } from '../../local/http.ts';

const gateway = 'http://127.0.0.1:8787';
const faults = createFaults();

const ask = (method: string, origin?: string, order?: object) => {
  const reply: LocalReply = faultOrders(faults, {
    method,
    path: '/local/faults',
    query: new URLSearchParams(),
    headers: origin === undefined ? {} : { origin },
    body: Buffer.from(order ? JSON.stringify(order) : ''),
    remoteAddress: '127.0.0.1',
  });
  if (reply === 'hang up') throw new Error('hung up');
  return { ...reply, headers: reply.headers ?? {} };
};

describe('a page of this machine', () => {
  it('may ask whether it may, as a browser does before it sends JSON or deletes', () => {
    expect(ask('OPTIONS', gateway)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': gateway,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'content-type',
      },
    });
  });

  it('orders, reads and forgets faults, and can read the replies, refusals included', () => {
    const order = { command: 'create_group', times: 1, errorCode: 10004 };
    const readable = { 'access-control-allow-origin': gateway, vary: 'Origin' };
    expect(ask('POST', gateway, order)).toMatchObject({ status: 200, headers: readable });
    expect(ask('GET', gateway)).toMatchObject({ headers: readable, body: JSON.stringify({ pending: [order] }) });
    expect(ask('POST', gateway, { times: 0 })).toMatchObject({ status: 400, headers: readable });
    expect(ask('PUT', gateway)).toMatchObject({ status: 405, headers: readable });
    expect(ask('DELETE', gateway)).toMatchObject({ headers: readable, body: '{"pending":[]}' });
  });
});

describe('others', () => {
  it.each(['OPTIONS', 'GET', 'POST', 'DELETE'])('that are pages of other sites get nothing by %s', (method) => {
    const reply = ask(method, 'https://evil.example', { command: 'create_group' });
    expect(reply.status).toBe(403);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    expect(faults.pending()).toEqual([]);
  });

  it('that are no pages are told nothing about origins', () => {
    expect(ask('GET').headers).not.toHaveProperty('access-control-allow-origin');
  });
});

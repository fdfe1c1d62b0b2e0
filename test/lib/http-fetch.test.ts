import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../lib/http/fetch.ts';
import { createClock } from '../support/clock.ts';

const servers: Server[] = [];

/** A server on loopback, and the number of connections that it was called over. */
const serveWith = async (handle: Parameters<typeof createServer>[1]) => {
  const server = createServer(handle);
  const counted = { connections: 0 };
  server.on('connection', () => {
    counted.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return Object.assign(counted, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/x?sig=s` });
};

const echo = () =>
  serveWith(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    response.writeHead(201).end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('a fetch', () => {
  it('sends method, headers and body, and reads status and text', async () => {
    const { url } = await echo();
    const reply = await createFetch(createClock())(url, { method: 'POST', headers: { 'x-a': '1' }, body: '{"名":1}' });
    expect(reply.status).toBe(201);
    const sent = JSON.parse(await reply.text());
    expect(sent).toMatchObject({ method: 'POST', url: '/v4/x?sig=s', body: '{"名":1}' });
    expect(sent.headers).toMatchObject({ 'x-a': '1', 'content-length': '9' });
  });

  it('gets when nothing else is asked', async () => {
    const { url } = await echo();
    const reply = await createFetch(createClock())(new URL(url));
    expect(JSON.parse(await reply.text())).toMatchObject({ method: 'GET', body: '' });
  });

  it('keeps its connection for the next call', async () => {
    const server = await echo();
    const fetch = createFetch(createClock());
    for (let call = 0; call < 3; call += 1) await (await fetch(server.url)).text();
    expect(server.connections).toBe(1);
  });

  it('opens a new connection once the old one has been idle for more than 4 seconds', async () => {
    const server = await echo();
    const clock = createClock();
    const fetch = createFetch(clock);
    await fetch(server.url);
    clock.advance(4);
    await fetch(server.url);
    expect(server.connections).toBe(1);
    clock.advance(4.001);
    await fetch(server.url);
    expect(server.connections).toBe(2);
  });

  it('rejects with the reason of its signal, before the call and during it', async () => {
    const { url } = await serveWith(() => {
      running.abort(new Error('enough'));
    });
    const running = new AbortController();
    const fetch = createFetch(createClock());
    await expect(fetch(url, { signal: running.signal })).rejects.toThrow('enough');
    await expect(fetch(url, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  });

  it('rejects with the reason of its signal when the reply stops half-way', async () => {
    const running = new AbortController();
    const { url } = await serveWith((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => running.abort(new Error('enough')));
    });
    await expect(createFetch(createClock())(url, { signal: running.signal })).rejects.toThrow('enough');
  });

  it('rejects when the other side hangs up half-way', async () => {
    const { url } = await serveWith((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(createFetch(createClock())(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('rejects with the code of the system when nobody listens', async () => {
    const { url } = await echo();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(createFetch(createClock())(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('rejects an address that is none', async () => {
    await expect(createFetch(createClock())('not an address')).rejects.toMatchObject({ code: 'ERR_INVALID_URL' });
  });

  it('takes a reply of 8 MiB and none that is larger, nor names the query then', async () => {
    const { url } = await serveWith((request, response) => {
      response.end(Buffer.alloc(8 * 1024 * 1024 + (request.headers['x-more'] ? 1 : 0), 'x'));
    });
    const fetch = createFetch(createClock());
    expect(await (await fetch(url)).text()).toHaveLength(8 * 1024 * 1024);
    const error = await fetch(url, { headers: { 'x-more': '1' } }).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/larger than 8388608 bytes/);
    expect(String(error)).not.toContain('sig=');
  });
});

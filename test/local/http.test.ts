import { request } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { isApiHost, isLoopbackHost, serve } from '../../local/http.ts';

afterEach(() => vi.restoreAllMocks());

it('a local server whose part fails says so, and why in its terminal', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const failure = new Error('a part failed');
  const server = await serve(0, () => Promise.reject(failure));
  for (const method of ['GET', 'POST']) {
    const reply = await fetch(server.origin, { method });
    expect([reply.status, await reply.text()]).toEqual([500, 'The local cloud failed; its terminal says why.\n']);
  }
  expect(said.mock.calls).toEqual([[failure], [failure]]);
  await server.close();
});

it.each([
  ['localhost', isLoopbackHost, 200],
  ['scf.tencentcloudapi.com', isLoopbackHost, 403],
  ['scf.tencentcloudapi.com', isApiHost, 200],
  ['localhost', isApiHost, 200],
  ['scf.tencentcloudapi.com.example.com', isApiHost, 403],
])('a local server that is called %s answers when %o says so: %i', async (host, isOwnHost, status) => {
  const server = await serve(0, async () => ({ status: 200 }), isOwnHost);
  const answered = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, headers: { host } }, ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end();
  });
  expect(answered).toBe(status);
  await server.close();
});

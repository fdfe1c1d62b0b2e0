import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../../local/http.ts';

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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDocs } from '../../local/docs.ts';
import { serve } from '../../local/http.ts';
import { projectDir } from '../support/run.ts';

const docs = createDocs();
const server = await serve(0, async (request) => (await docs(request)) ?? { status: 404 });
afterAll(() => server.close());
const get = (path: string, method = 'GET') => fetch(server.origin + path, { method });

describe('the API description at the gateway', () => {
  it('is the file that is checked in, and never an old one of a cache', async () => {
    const reply = await get('/openapi.json');

    expect(await reply.text()).toBe(readFileSync(join(projectDir, 'openapi.json'), 'utf8'));
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('cache-control')).toBe('no-cache');
  });

  it('has a reader that loads everything from here, by a policy that allows nothing else', async () => {
    const reply = await get('/docs');

    const page = await reply.text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(loaded).toHaveLength(3);
    for (const path of loaded) expect((await get(path)).status).toBe(200);
    expect(page).not.toMatch(/<script>|<style|style=| on\w+=/);
    expect(reply.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(reply.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
  });

  it('leaves every other path and method to others', async () => {
    for (const path of ['/', '/docs/', '/docs/package.json', '/join-class']) expect((await get(path)).status).toBe(404);
    expect((await get('/docs', 'POST')).status).toBe(404);
  });
});

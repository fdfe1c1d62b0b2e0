import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundlePage, createPage } from '../../../local/page/serve.ts';

const page = createPage({
  imUrl: 'ws://127.0.0.1:8788/im',
  cloud: 'http://127.0.0.1:8788',
  cos: 'http://127.0.0.1:8789',
  mintsTokens: true,
  userIdClaim: 'sub',
  roleClaim: 'the "role"',
});

const get = async (path: string, method = 'GET') => {
  const reply = await page({
    method,
    path,
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.of(),
    remoteAddress: '',
  });
  if (reply === 'hang up') throw new Error('The page hangs up.');
  return reply && { ...reply, text: String(reply.body ?? '') };
};

describe('the page', async () => {
  const files = await bundlePage();
  /** The chunks that a script loads before it runs. */
  const withImports = (name: string): string[] => [
    name,
    ...[...String(files.get(name)).matchAll(/from\s*"\.\/(chunk-[^"]+)"|import\s*"\.\/(chunk-[^"]+)"/g)].flatMap(
      ([, one, other]) => withImports(one ?? other ?? ''),
    ),
  ];

  it('is served at / with what it has to know, and may load from this machine alone', async () => {
    const reply = await get('/');

    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(reply?.text).toContain('<meta name="im-url" content="ws://127.0.0.1:8788/im">');
    expect(reply?.text).toContain('<meta name="role-claim" content="the &quot;role&quot;">');
    const policy = reply?.headers?.['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:8788 http://127.0.0.1:8788 http://127.0.0.1:8789");
    expect(policy).not.toContain('unsafe');
  });

  it('names files that are there', async () => {
    const names = [...((await get('/'))?.text.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g) ?? [])].map(
      ([, name]) => name ?? '',
    );

    expect(names).toEqual(['/page/icon.svg', '/page/main.css', '/page/main.js']);
    for (const name of names) expect(await get(name)).toMatchObject({ status: 200 });
  });

  it('loads at most 150 KB of compressed JavaScript at first, and without the COS SDK', () => {
    const scripts = [...new Set(withImports('main.js'))].map((name) => files.get(name) ?? Buffer.of());

    expect(scripts.reduce((sum, script) => sum + gzipSync(script).length, 0)).toBeLessThanOrEqual(150_000);
    expect(scripts.map(String).join('')).not.toContain('x-cos-security-token');
    expect([...files.values()].map(String).join('')).toContain('x-cos-security-token');
  });

  it('answers 404 for a file that it does not have, 405 for what is no question, and leaves other paths alone', async () => {
    expect(await get('/page/nothing.js')).toMatchObject({ status: 404 });
    expect(await get('/', 'POST')).toMatchObject({ status: 405 });
    expect(await get('/create-class')).toBeUndefined();
  });
});

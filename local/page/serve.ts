import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { json, type LocalReply, type LocalRequest } from '../http.ts';

export interface PageOptions {
  /** Where the local IM takes clients, `ws://…/im`. */
  imUrl: string;
  /** Origin of the local Tencent cloud, which takes orders of faults. */
  cloud: string;
  /** Origin of the local COS. */
  cos: string;
  /** Whether the gateway gives out tokens. */
  mintsTokens: boolean;
  /** Where a token says who and what somebody is. */
  userIdClaim: string;
  roleClaim: string;
}

const appDir = fileURLToPath(new URL('app/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The page at `/`, with its files under `/page/`: bundled anew whenever it is opened, so that an edit shows at once. */
export const createPage = (options: PageOptions) => {
  let files: Promise<Map<string, Buffer>> | undefined;

  return async ({ method, path }: LocalRequest): Promise<LocalReply | undefined> => {
    if (path !== '/' && !path.startsWith('/page/')) return undefined;
    if (method !== 'GET' && method !== 'HEAD') return json({ error: 'Use GET.' }, 405);
    if (path === '/') {
      files = bundlePage();
      await files;
      return { status: 200, headers: pageHeaders(options), body: html(options) };
    }
    files ??= bundlePage();
    const name = path.slice('/page/'.length);
    const body = (await files).get(name);
    if (!body) return json({ error: `The page has no file ${path}.` }, 404);
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body };
  };
};

/** The files that a browser loads, by name; what the page needs later are chunks of their own. */
export const bundlePage = async (): Promise<Map<string, Buffer>> => {
  const { outputFiles } = await build({
    entryPoints: { main: `${appDir}main.tsx`, icon: `${appDir}icon.svg` },
    outdir: appDir,
    chunkNames: 'chunk-[hash]',
    write: false,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    legalComments: 'none',
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.slice(appDir.length), Buffer.from(contents)]));
};

const pageHeaders = ({ imUrl, cloud, cos }: PageOptions) => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob: ${cos}`,
    `connect-src 'self' ${new URL(imUrl).origin} ${cloud} ${cos}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
});

const escapeAttribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** What the page has to know before it can ask anybody is in its meta tags. */
const html = ({ imUrl, cloud, mintsTokens, userIdClaim, roleClaim }: PageOptions) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="im-url" content="${imUrl}">
    <meta name="cloud-url" content="${cloud}">
    <meta name="mints-tokens" content="${mintsTokens}">
    <meta name="user-id-claim" content="${escapeAttribute(userIdClaim)}">
    <meta name="role-claim" content="${escapeAttribute(roleClaim)}">
    <title>Classroom</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/page/main.css">
    <script type="module" src="/page/main.js"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript. The functions do not: see the README.</noscript>
  </body>
</html>
`;

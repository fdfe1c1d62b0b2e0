import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LocalReply, LocalRequest } from './http.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Classroom functions: API description</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/start.js" type="module"></script>
  </head>
  <body>
    <main id="reader"></main>
  </body>
</html>
`;

/** What is tried out goes to the gateway that shows this, whatever its port. */
const start = `const reply = await fetch('/openapi.json');
const spec = { ...(await reply.json()), servers: [{ url: location.origin }] };
SwaggerUIBundle({ spec, dom_id: '#reader', deepLinking: true, validatorUrl: null, persistAuthorization: false });
`;

/** Nothing from elsewhere, and no script in the page itself. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const require = createRequire(import.meta.url);
const file = (path: string | URL) => () => readFile(path);

/** By path: its type and where its bytes come from. */
const resources = new Map<string, { type: string; read(): Promise<Buffer | string> }>([
  ['/openapi.json', { type: 'application/json', read: file(new URL('../openapi.json', import.meta.url)) }],
  ['/docs', { type: 'text/html', read: async () => page }],
  ['/docs/start.js', { type: 'text/javascript', read: async () => start }],
  ['/docs/swagger-ui.css', { type: 'text/css', read: file(require.resolve('swagger-ui-dist/swagger-ui.css')) }],
  [
    '/docs/swagger-ui-bundle.js',
    { type: 'text/javascript', read: file(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')) },
  ],
]);

/** The API description, and a reader of it at `/docs`. Answers `undefined` for every other path. */
export const createDocs =
  () =>
  async ({ method, path }: LocalRequest): Promise<LocalReply | undefined> => {
    const resource = resources.get(path);
    if (!resource || method !== 'GET') return undefined;
    return {
      status: 200,
      headers: {
        'content-type': `${resource.type}; charset=utf-8`,
        'cache-control': 'no-cache',
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
      body: await resource.read(),
    };
  };

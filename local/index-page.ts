import type { LocalReply } from './http.ts';
import type { LocalFunction } from './runtime.ts';

/** The page at `/`: what runs here, and where. */
export const indexPage = (
  functions: readonly LocalFunction[],
  addresses: Readonly<Record<string, string>>,
): LocalReply => {
  const row = (name: string, value: string) =>
    `<tr><th>${escapeHtml(name)}</th><td><code>${escapeHtml(value)}</code></td></tr>`;
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Classroom functions, locally</title>
<style>
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 500; padding: .3rem 1rem .3rem 0; white-space: nowrap } td { overflow-wrap: anywhere }
</style>
<h1>Classroom functions</h1>
<p>The local cloud is up. Every function is at its path, by <code>POST</code> with JSON; the README walks through a class.</p>
<h2>Where things are</h2>
<table>${Object.entries(addresses)
    .map(([name, address]) => row(name, address))
    .join('')}</table>
<h2>Functions</h2>
<table>${functions.map((fn) => row(fn.name, fn.isRouted ? `POST /${fn.name}` : `timer ${fn.cron.join(', ')}`)).join('')}</table>
</html>
`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
};

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

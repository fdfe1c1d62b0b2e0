/** `npm run bench -- NAME [--json]`: a table for people, or one JSON object for machines. */
const benches = ['callback', 'cold-start', 'create-class', 'deploy', 'filter', 'join-storm', 'replay', 'scale', 'sig'];

const [name = '', ...flags] = process.argv.slice(2);
if (!benches.includes(name)) {
  console.error(`Which one? ${benches.join(', ')}; add --json for one object instead of a table.`);
  process.exit(2);
}
const { run } = (await import(`./${name}.ts`)) as { run(): Promise<BenchResult> };
const { rows, checks, notes } = await run();
if (flags.includes('--json')) console.log(JSON.stringify({ bench: name, node: process.version, rows, checks, notes }));
else {
  console.table(rows);
  for (const note of notes) console.log(note);
  for (const { what, is, limit, ok } of checks) console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${is} (limit ${limit})`);
}
process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
process.exit();

/** What a benchmark answers. */
export interface BenchResult {
  rows: Record<string, Record<string, number | string>>;
  checks: { what: string; is: number; limit: number; ok: boolean }[];
  notes: string[];
}

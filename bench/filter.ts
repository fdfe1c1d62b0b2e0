import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AhoCorasick } from '@monyone/aho-corasick/fast';
import { build } from 'esbuild';
import FastScan from 'fastscan';
import { Mint } from 'mint-filter';
import type * as FilterModule from '../lib/moderation/filter.ts';
import { createWriter } from './chinese.ts';
import type { Loading } from './filter-process.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, temporaryDirectory } from './service.ts';

const wordCount = 100_000;
const messageCount = 2000;
const messageLength = 50;
/**
 * Each is asked in turn, some passes in a row, and the best pass of a turn counts: whatever else the machine does makes it
 * slower. Two are compared turn by turn, since the machine itself is faster at one time than at another.
 */
const turns = 15;
const passes = 8;
const compilations = 5;
const loads = 5;
const megabyte = 1_000_000;

/** The filter with everything on beside three filters that compare exactly, over the same words and messages. */
export const run = async (): Promise<BenchResult> => {
  const { compileFilter, productionOptions } = await bundled();
  const compile = (words: readonly string[]) =>
    compileFilter(
      words.map((word) => ({ word })),
      productionOptions,
    );
  const writer = createWriter();
  const words = writer.words(wordCount);
  const messages = writer.messages(messageCount, messageLength, words);
  const [compiled, mint, fastscan, ahoCorasick] = [
    timed(compilations, () => compile(words)),
    timed(1, () => new Mint(words)),
    timed(1, () => new FastScan(words)),
    timed(1, () => new AhoCorasick(words)),
  ];
  const filter = compiled.made;
  const few = compile(words.slice(0, wordCount / 10));
  const long = Array.from({ length: messageCount / 10 }, (_, index) =>
    [...messages.slice(10 * index, 10 * index + 10).join('')].join(''),
  );

  const scan = inTurn({
    filter: { texts: messages, scan: (text) => filter.scan(text).length },
    'filter, 10,000 words': { texts: messages, scan: (text) => few.scan(text).length },
    'filter, 500 characters': { texts: long, scan: (text) => filter.scan(text).length },
    'mint-filter': { texts: messages, scan: (text) => mint.made.filter(text, { replace: false }).words.length },
    fastscan: { texts: messages, scan: (text) => fastscan.made.search(text).length },
    '@monyone/aho-corasick': { texts: messages, scan: (text) => ahoCorasick.made.matchInText(text).length },
  });
  const bytes = filter.toBuffer();
  const loading = await timeLoading(bytes, messages[0] ?? '');
  const fastestPeerMs = Math.min(mint.ms, fastscan.ms, ahoCorasick.ms);

  const compiledMs: Record<string, number> = {
    filter: compiled.ms,
    'mint-filter': mint.ms,
    fastscan: fastscan.ms,
    '@monyone/aho-corasick': ahoCorasick.ms,
  };
  const atLeast = (what: string, is: number, limit: number) => ({ what, is: round(is), limit, ok: is >= limit });
  const atMost = (what: string, is: number, limit: number) => ({ what, is: round(is), limit, ok: is <= limit });
  return {
    rows: Object.fromEntries(
      Object.entries(scan).map(([name, ns]) => [
        name,
        {
          'ns a text': Math.round(median(ns)),
          'against the filter': round(ratio(ns, scan.filter)),
          'compile ms': compiledMs[name] === undefined ? '' : Math.round(compiledMs[name]),
        },
      ]),
    ),
    checks: [
      atLeast('mint-filter / filter, a message', ratio(scan['mint-filter'], scan.filter), 6),
      atLeast('fastscan / filter, a message', ratio(scan.fastscan, scan.filter), 6),
      atLeast('@monyone/aho-corasick / filter, a message', ratio(scan['@monyone/aho-corasick'], scan.filter), 1.8),
      atMost('compile / the fastest of the others', compiled.ms / fastestPeerMs, 0.4),
      atMost('load in a fresh process, first scan included / compile', loading.ms / compiled.ms, 0.15),
      atMost('MB compiled', bytes.length / megabyte, 25),
      atMost('MB of memory after loading', loading.memoryBytes / megabyte, 25),
      atMost('10 times the text / the text', ratio(scan['filter, 500 characters'], scan.filter), 11),
      atMost('100,000 words / 10,000 words', ratio(scan.filter, scan['filter, 10,000 words']), 2),
    ],
    notes: [
      `${wordCount} words, ${messageCount} messages of ${messageLength} characters; the filter with production options, the others plain.`,
      `Load ${round(loading.ms)} ms, compile ${round(compiled.ms)} ms.`,
    ],
  };
};

/** The filter as it is deployed. */
const bundled = async (): Promise<typeof FilterModule> => {
  const outfile = join(temporaryDirectory(), 'filter.mjs');
  const entry = join(serviceDir, 'lib/moderation/filter.ts');
  await build({ entryPoints: [entry], bundle: true, minify: true, platform: 'node', format: 'esm', outfile });
  return import(outfile);
};

/** The median of some tries, and what the last one made. */
const timed = <T>(tries: number, make: () => T): { ms: number; made: T } => {
  const times: number[] = [];
  let made: T;
  do {
    const start = performance.now();
    made = make();
    times.push(performance.now() - start);
  } while (times.length < tries);
  return { ms: median(times), made };
};

interface Asked {
  texts: readonly string[];
  /** Answers how many words it found. */
  scan(text: string): number;
}

/** What each needs for a text, in nanoseconds, turn by turn. */
const inTurn = <Name extends string>(asked: Record<Name, Asked>): Record<Name, number[]> => {
  const names = Object.keys(asked) as Name[];
  const best = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let turn = 0; turn < turns; turn += 1)
    for (const name of names) best[name].push(Math.min(...Array.from({ length: passes }, () => pass(asked[name]))));
  return best;
};

const pass = ({ texts, scan }: Asked): number => {
  const start = performance.now();
  let found = 0;
  for (const text of texts) found += scan(text);
  if (found === 0) throw new Error('nothing was found');
  return ((performance.now() - start) * 1e6) / texts.length;
};

/** How much longer one takes than the other: the median of all turns. */
const ratio = (one: readonly number[], other: readonly number[]): number =>
  median(one.map((ns, turn) => ns / (other[turn] ?? Number.NaN)));

/** Loads the bytes in fresh processes. */
const timeLoading = async (bytes: Uint8Array, text: string): Promise<Loading> => {
  const file = join(temporaryDirectory(), 'filter.bin');
  writeFileSync(file, bytes);
  const all: Loading[] = [];
  for (let load = 0; load < loads; load += 1) {
    const child = fork(join(import.meta.dirname, 'filter-process.ts'), [file, text], { execArgv: ['--import', 'tsx'] });
    const [loading] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('a process of the benchmark ended early'))),
    ]);
    all.push(loading);
  }
  return { ms: median(all.map(({ ms }) => ms)), memoryBytes: median(all.map(({ memoryBytes }) => memoryBytes)) };
};

/** A fresh process of `bench/filter.ts`: loads a compiled filter from a file and scans one text with it. */
import { readFileSync } from 'node:fs';
import { loadFilter } from '../lib/moderation/filter.ts';

export interface Loading {
  /** From the bytes to the first text's hits. */
  ms: number;
  /** By how much the process has grown, the bytes that were read included. */
  memoryBytes: number;
}

const [file = '', text = ''] = process.argv.slice(2);
const inUse = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const before = inUse();
const bytes = readFileSync(file);
const start = performance.now();
loadFilter(bytes).scan(text);
const loading: Loading = { ms: performance.now() - start, memoryBytes: inUse() - before };
process.send?.(loading);

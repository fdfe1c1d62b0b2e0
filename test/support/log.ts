import { createLog, type Log } from '../../lib/log.ts';
import { keepOutput } from './kept.ts';

/** A log whose lines can be read back. */
export const createTestLog = (): { log: Log; lines: Record<string, unknown>[]; text(): string } => {
  const written: string[] = [];
  const write = (line: string) => {
    written.push(line);
    keepOutput(line);
  };
  return {
    log: createLog({ level: 'debug', write, clock: () => 0 }),
    get lines() {
      return written.map((line) => JSON.parse(line));
    },
    text: () => written.join('\n'),
  };
};

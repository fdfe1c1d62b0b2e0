import { createLog, type Log } from '../../lib/log.ts';

/** A log whose lines can be read back. */
export const createTestLog = (): { log: Log; lines: Record<string, unknown>[]; text(): string } => {
  const written: string[] = [];
  return {
    log: createLog({ level: 'debug', write: (line) => written.push(line), clock: () => 0 }),
    get lines() {
      return written.map((line) => JSON.parse(line));
    },
    text: () => written.join('\n'),
  };
};

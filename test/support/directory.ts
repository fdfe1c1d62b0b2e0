import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty directory; whoever makes it removes it. Started by root, PostgreSQL runs as somebody else, who must reach it. */
export const makeDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'classroom-test-'));
  chmodSync(directory, 0o755);
  return directory;
};

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { unzip } from '../../local/scf/unzip.ts';
import { createSearch, type Secret } from './search.ts';

export interface Searched {
  /** Files and directories. Archives in them are searched by their contents, too. */
  places: readonly string[];
  secrets: readonly Secret[];
}

/** The secrets that are where they must not be, a line each without the value. Throws an `Error` when there is nothing to search. */
export const complaintsOf = async ({ places, secrets }: Searched): Promise<string[]> => {
  const search = createSearch(secrets);
  if (secrets.length === 0) throw new Error('No secrets are known: there is nothing to search for.');
  const complaints: string[] = [];
  const searchFile = async (file: string, shown: string): Promise<void> => {
    for (const name of search(readFileSync(file, 'latin1'))) complaints.push(`${shown} has a secret: ${name}`);
    if (!file.endsWith('.zip')) return;
    await withContents(file, async (directory) => {
      for (const entry of filesOf(directory)) await searchFile(entry, `${shown}: ${relative(directory, entry)}`);
    });
  };
  for (const place of places) {
    const files = filesOf(place);
    if (files.length === 0) throw new Error(`There is nothing in ${place} to search.`);
    for (const file of files) await searchFile(file, file);
  }
  return complaints;
};

const filesOf = (place: string): string[] => {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
};

const withContents = async (archive: string, look: (directory: string) => Promise<void>): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'classroom-zip-'));
  try {
    await unzip(readFileSync(archive), directory);
    await look(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

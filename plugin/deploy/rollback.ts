import type { FoundFunction, FoundVersion } from './found.ts';
import { versionBefore } from './plan.ts';
import { createRemote } from './remote.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface RollbackOptions extends SessionOptions {
  /** How many instances of a function are to be kept warm. */
  provisioned: (name: string) => number;
}

interface Candidate {
  deployedName: string;
  found: FoundFunction;
  live: FoundVersion;
}

/**
 * `rollback`: leads callers back to the versions before the last deployment, or of one function to the version before its
 * live one. Code and environment go back together; the next `deploy` goes forward again.
 */
export const rollback = async (options: RollbackOptions): Promise<void> => {
  const { scf, looker, namespace, owned, deployedName, utils } = openSession(options);
  const { function: only } = options.options;
  const names = [...(await owned()).keys()].filter((name) => only === undefined || name === deployedName(only));
  if (names.length === 0) throw new Error(`${only ?? 'Nothing'} is not deployed in the stage ${options.stage}.`);

  const shortName = (name: string) => name.slice(deployedName('').length);
  const candidates = await Promise.all(
    names.map(async (name): Promise<Candidate[]> => {
      const provisioned = options.provisioned(shortName(name));
      const found = await looker.look({ deployedName: name, release: '', reservedMb: 0, provisioned });
      const live = found?.versions.find(({ version }) => version === found.live?.version);
      return found && live ? [{ deployedName: name, found, live }] : [];
    }),
  );
  const moves = lastDeployment(candidates.flat()).flatMap(({ deployedName: name, found, live }) => {
    const target = versionBefore(live.version, found.versions);
    return target === undefined ? [] : [{ name, found, from: live.version, target }];
  });
  if (moves.length === 0) throw new Error('There is no version to go back to: it was the first deployment.');

  const remote = createRemote({ scf, looker, namespace });
  for (const { name, found, from, target } of moves) {
    const warm = options.provisioned(shortName(name));
    const release = found.versions.find(({ version }) => version === target)?.mark?.release ?? 'unknown';
    if (warm > 0 && found.provisioned[target] !== warm) await remote.provision(name, target, warm);
    await remote.switch(name, target, release, false);
    if (found.provisioned[from]) await remote.provision(name, from, 0);
    utils.log.notice(`${name}: callers are led from version ${from} to version ${target}`);
  }
  utils.writeText(`Rolled back: ${moves.length} of ${names.length}. The next deploy goes forward again.`);
};

/** Those whose live versions were deployed together with the newest of them. Times are told in whole seconds. */
const lastDeployment = (candidates: readonly Candidate[]): Candidate[] => {
  const age = ({ live }: Candidate) => `${live.addedAt} ${live.version.padStart(9, '0')}`;
  const [newest] = [...candidates].sort((a, b) => (age(a) < age(b) ? 1 : -1));
  return candidates.filter(({ live }) => live.mark?.deployment === newest?.live.mark?.deployment);
};

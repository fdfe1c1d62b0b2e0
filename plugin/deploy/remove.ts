import { createInterface } from 'node:readline/promises';
import { leadsOnlyTo } from './found.ts';
import { createRemote } from './remote.ts';
import { openSession, prefixOf, type SessionOptions } from './session.ts';

/** `remove`: deletes what this service has in this stage, or one function of it, and nothing else. Asks before. */
export const remove = async (options: SessionOptions): Promise<void> => {
  const { scf, looker, namespace, owner, owned, deployedName, utils } = openSession(options);
  const { function: only, yes } = options.options;
  const all = await owned();
  const names = [...all.keys()].filter((name) => only === undefined || name === deployedName(only));
  const isOurs = (name: string) => all.has(name) && name.startsWith(prefixOf(owner));
  const domains =
    only === undefined
      ? [...(await looker.domains())].filter(([, domain]) => leadsOnlyTo(domain, isOurs, namespace))
      : [];
  const doomed = [...domains.map(([name]) => name), ...names];
  if (doomed.length === 0) return utils.writeText(`Nothing is deployed in the stage ${options.stage}.`);
  if (!yes && !(await isConfirmed(doomed))) return utils.writeText('Nothing was removed.');

  const remote = createRemote({ scf, looker, namespace });
  for (const [domain] of domains) {
    await remote.unroute(domain);
    utils.log.notice(`${domain}: removed`);
  }
  for (const name of names) {
    if (all.get(name)?.TotalProvisionedConcurrencyMem) await coolDown(name);
    // SCF deletes none that it is busy with.
    await looker.settle(name);
    await remote.delete(name);
    utils.log.notice(`${name}: removed`);
  }
  utils.writeText('Removed.');

  /** SCF deletes no function that it keeps warm. */
  async function coolDown(name: string): Promise<void> {
    for (const version of Object.keys(await looker.provisioned(name))) await remote.provision(name, version, 0);
  }
};

const isConfirmed = async (doomed: readonly string[]): Promise<boolean> => {
  if (!process.stdin.isTTY) throw new Error('There is no terminal to ask on: add --yes to remove without a question.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${doomed.join('\n')}\nRemove all of these? (yes/no) `);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
};

import { createInterface } from 'node:readline/promises';
import { inParallel } from '../in-parallel.ts';
import { type FoundDomain, leadsOnlyTo } from './found.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface RemoveOptions extends SessionOptions {
  /** Where to ask: standard input and standard error unless told. */
  terminal?: { input: NodeJS.ReadableStream & { isTTY?: boolean }; output: NodeJS.WritableStream };
}

/**
 * `remove`: deletes what this service has in this stage, or one function of it, and nothing else. Asks before. What cannot
 * be deleted is told in the end, as an `Error`.
 */
export const remove = async (options: RemoveOptions): Promise<void> => {
  const { looker, remote, namespace, inventory, deployedName, utils } = openSession(options);
  const { function: only, yes } = options.options;
  const { owned, isOurs } = await inventory();
  const names = [...owned.keys()].filter((name) => only === undefined || name === deployedName(only));
  const domains = [...(await looker.domains())]
    .filter(([, domain]) => leadsOnlyTo(domain, isOurs, namespace))
    .map(
      ([name, domain]) => [name, only === undefined ? {} : routesWithout(domain, deployedName(only)), domain] as const,
    )
    .filter(([, kept, { routes }]) => Object.keys(kept).length < routes.length);
  const doomed = [
    ...domains.map(([name, kept]) => (Object.keys(kept).length === 0 ? name : `/${only} of ${name}`)),
    ...names,
  ];
  if (doomed.length === 0) return utils.writeText(`Nothing is deployed in the stage ${options.stage}.`);
  if (!yes && !(await isConfirmed(doomed, options.terminal))) return utils.writeText('Nothing was removed.');

  for (const [name, kept, { protocol, certificateId }] of domains) {
    const certificate = protocol !== 'HTTP' && certificateId !== undefined && { certificateId };
    if (Object.keys(kept).length === 0) await remote.unroute(name);
    else await remote.route({ name, ...certificate, routes: kept }, false);
    utils.log.notice(`${name}: removed`);
  }
  const failures: string[] = [];
  await inParallel(names, (name) =>
    removeFunction(name).then(
      () => utils.log.notice(`${name}: removed`),
      (error: Error) => void failures.push(error.message),
    ),
  );
  if (failures.length > 0) throw new Error(`These are left, so remove again:\n${failures.join('\n')}`);
  utils.writeText('Removed.');

  /** SCF deletes none that it is busy with, or keeps warm. */
  async function removeFunction(name: string): Promise<void> {
    await looker.settle(name);
    if (owned.get(name)?.TotalProvisionedConcurrencyMem)
      for (const version of Object.keys(await looker.provisioned(name))) await remote.provision(name, version, 0);
    await remote.delete(name);
  }
};

/** Path → name of the functions that a domain leads to still. */
const routesWithout = ({ routes }: FoundDomain, gone: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    routes.filter(({ deployedName }) => deployedName !== gone).map(({ path, deployedName }) => [path, deployedName]),
  );

const isConfirmed = async (
  doomed: readonly string[],
  { input, output }: NonNullable<RemoveOptions['terminal']> = { input: process.stdin, output: process.stderr },
): Promise<boolean> => {
  if (!input.isTTY) throw new Error('There is no terminal to ask on: add --yes to remove without a question.');
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question(`${doomed.join('\n')}\nRemove all of these? (yes/no) `);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
};

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import type { LocalCloud } from '../local/cloud.ts';
import { splitHandler } from '../plugin/bundle.ts';
import { deploy } from '../plugin/deploy/deploy.ts';
import type { Packed } from '../plugin/deploy/wanted.ts';
import { describeFunction } from '../plugin/functions.ts';
import { type Archive, packAll } from '../plugin/pack.ts';
import service from '../serverless.ts';
import { median, round } from './median.ts';
import type { BenchResult } from './run.ts';
import { serviceDir, startBenchCloud, temporaryDirectory } from './service.ts';

const rounds = 5;
/** Beside one run of esbuild over all sources, which share what they have in common. */
const maxRatio = 4;
/** Of a first deployment: create, reserve, publish, lead the alias to it, bind the URL or the timer; and the domain once. */
const maxWrites = (functions: number) => 5 * functions + 1;
const maxRedeployCalls = (functions: number) => 2 * functions + 5;

const stage = 'bench';
const functions = Object.entries(service.functions);
/** What the environment would say of the role; and no network, which is nothing more to call for. */
const provider = { ...service.provider, role: 'classroom', vpc: {} };

interface Deployment {
  calls: number;
  writes: number;
  ms: number;
}

/** How long it takes to package all functions, and what a first deployment and an unchanged one call for, on the local SCF. */
export const run = async (): Promise<BenchResult> => {
  const directory = temporaryDirectory();
  const packingMs: number[] = [];
  const peerMs: number[] = [];
  let packed: Packed[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const began = performance.now();
    packed = await packFunctions(directory);
    const between = performance.now();
    await bundleAtOnce();
    // The first round warms up.
    if (round === 0) continue;
    packingMs.push(between - began);
    peerMs.push(performance.now() - between);
  }
  const cloud = await startBenchCloud();
  try {
    return report(median(packingMs), median(peerMs), await deployAll(cloud, packed), await deployAll(cloud, packed));
  } finally {
    await cloud.stop();
  }
};

/** As `serverless package` does. */
const packFunctions = async (directory: string): Promise<Packed[]> => {
  const archives = await packAll(
    serviceDir,
    functions.map(([name, { handler }]) => ({ name, handler, outDir: join(directory, name) })),
  );
  return functions.map(([name, source], index) => {
    const fn = describeFunction(name, { ...source, name: `${service.service}-${stage}-${name}` }, provider, serviceDir);
    return { fn, source, archive: (archives[index] as Archive).archive };
  });
};

/** The peer: esbuild alone, once for all. */
const bundleAtOnce = () =>
  build({
    entryPoints: functions.map(([, { handler }]) => join(serviceDir, `${splitHandler(handler).source}.ts`)),
    outdir: serviceDir,
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
  });

/** Deploys as `serverless deploy` does, from nothing or again. */
const deployAll = async ({ cloud, env }: LocalCloud, packed: readonly Packed[]): Promise<Deployment> => {
  const record = `${cloud}/local/scf/calls`;
  await fetch(record, { method: 'DELETE' });
  const began = performance.now();
  await deploy({
    service: service.service,
    stage,
    provider,
    options: { endpoint: cloud },
    utils: { log: { notice: () => {}, warning: console.error }, writeText: () => {} },
    env: { ...env, COS_ROLE_ARN: 'qcs::cam::uin/100000000001:roleName/classroom' },
    clock: Date.now,
    sleep,
    packed,
    names: functions.map(([name]) => name),
    domain: {
      name: 'class.example.com',
      routes: Object.fromEntries(
        packed.filter(({ fn }) => fn.isRouted).map(({ fn }) => [`/${fn.name}`, fn.deployedName]),
      ),
    },
    bucket: undefined,
  });
  const ms = performance.now() - began;
  const { calls } = (await (await fetch(record)).json()) as { calls: { action: string }[] };
  const writes = calls.filter(({ action }) => !/^(Get|List)/.test(action));
  return { calls: calls.length, writes: writes.length, ms };
};

const report = (packingMs: number, peerMs: number, first: Deployment, again: Deployment): BenchResult => {
  const count = functions.length;
  const ratio = packingMs / peerMs;
  const check = (what: string, is: number, limit: number) => ({ what, is, limit, ok: is <= limit });
  const deployment = ({ calls, writes, ms }: Deployment) => ({ ms: round(ms, 0), calls, writes });
  return {
    rows: {
      'packaging all functions': { ms: round(packingMs, 0), ofPeer: round(ratio) },
      'esbuild alone, once for all': { ms: round(peerMs, 0), ofPeer: 1 },
      'first deployment': deployment(first),
      'unchanged redeploy': deployment(again),
    },
    checks: [
      check('packaging all functions, in runs of esbuild alone', round(ratio), maxRatio),
      check('writes of a first deployment', first.writes, maxWrites(count)),
      check('API calls of an unchanged redeploy', again.calls, maxRedeployCalls(count)),
      check('writes of an unchanged redeploy', again.writes, 0),
    ],
    notes: [
      `${count} functions. Packaging: medians of ${rounds} rounds, side by side.`,
      'Deployments: on the local SCF, where a change takes 200 ms; the calls that wait for it are counted, too.',
    ],
  };
};

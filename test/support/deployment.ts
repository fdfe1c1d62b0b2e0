import { randomBytes } from 'node:crypto';
import { type DeployOptions, deploy } from '../../plugin/deploy/deploy.ts';
import { invoke } from '../../plugin/deploy/invoke.ts';
import { openSession } from '../../plugin/deploy/session.ts';
import { describeWanted } from '../../plugin/deploy/wanted.ts';
import type { CliOptions } from '../../plugin/framework.ts';
import { describeFunction } from '../../plugin/functions.ts';
import type { TencentFunction, TencentProvider } from '../../plugin/service.ts';
import { zip } from '../../plugin/zip.ts';
import { isReading } from './cut-line.ts';
import { keepOutput, keepSecret } from './kept.ts';
import type { TestCloud } from './local-cloud.ts';
import { projectDir } from './run.ts';

export interface Change {
  stage?: string;
  /** What `hello` answers. */
  greeting?: string;
  env?: Record<string, string | undefined>;
  options?: CliOptions;
  functions?: Readonly<Record<string, Partial<TencentFunction>>>;
  provider?: Partial<TencentProvider>;
  domain?: string | undefined;
  certificateId?: string;
  /** A file of random bytes beside the code: how many. */
  bulk?: number;
  /** Code of all functions instead of the usual. */
  source?: string;
  sleep?: DeployOptions['sleep'];
  bucket?: DeployOptions['bucket'];
  only?: string;
}

export interface RecordedCall {
  action: string;
  request: Record<string, unknown>;
  outcome: string;
}

const greetingSecret = 'a secret greeting';
keepSecret('greetingSecret', greetingSecret);

const provider: TencentProvider = {
  name: 'tencent',
  runtime: 'Nodejs20.19',
  region: 'ap-guangzhou',
  environment: ['LOG_LEVEL'],
};

/** A small service: `hello` with a function URL, kept warm, and `tick` with a timer. */
const smallFunctions: Readonly<Record<string, TencentFunction>> = {
  hello: {
    handler: 'functions/hello/index.main',
    description: "The caller's greeting",
    environment: ['GREETING_SECRET'],
    reservedConcurrency: 4,
    provisionedConcurrency: 2,
    events: [{ http: { path: '/hello' } }],
  },
  tick: { handler: 'functions/tick/index.main', events: [{ timer: { cron: '0 0 3 * * * *' } }] },
};

/** What the commands are given for the small service, as it is after a change. */
export const describeDeployment = async (
  { env }: Pick<TestCloud, 'env'>,
  endpoint: string,
  change: Change = {},
): Promise<DeployOptions & { written(): string; noticed(): string }> => {
  const { stage = 'test', greeting = 'hello', functions = {}, only, certificateId } = change;
  const written: string[] = [];
  const noticed: string[] = [];
  const all: Readonly<Record<string, Partial<TencentFunction>>> = { ...functions, ...smallFunctions };
  const names = Object.keys(all);
  const packed = await Promise.all(
    names
      .filter((name) => only === undefined || name === only)
      .map(async (name) => {
        const source = { ...all[name], ...functions[name] } as TencentFunction;
        const named = { ...source, name: `small-${stage}-${name}` };
        const code =
          change.source ??
          `exports.main = async () => ({ greeting: ${JSON.stringify(name === 'hello' ? greeting : name)}, secret: process.env.GREETING_SECRET });`;
        return {
          fn: describeFunction(name, named, { ...provider, ...change.provider }, projectDir),
          source,
          archive: await zip({ 'index.js': code, ...(change.bulk && { bulk: randomBytes(change.bulk) }) }),
        };
      }),
  );
  return {
    service: 'small',
    stage,
    provider: { ...provider, ...change.provider },
    options: { endpoint, ...change.options },
    utils: {
      log: { notice: (text) => void noticed.push(text), warning: (text) => void noticed.push(text) },
      writeText: (text) => void written.push(text),
    },
    env: Object.fromEntries(
      Object.entries({
        TENCENTCLOUD_SECRETID: env.TENCENTCLOUD_SECRETID,
        TENCENTCLOUD_SECRETKEY: env.TENCENTCLOUD_SECRETKEY,
        GREETING_SECRET: greetingSecret,
        ...change.env,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    clock: Date.now,
    sleep: change.sleep ?? (() => new Promise((resolve) => setTimeout(resolve, 1))),
    packed,
    names,
    domain:
      'domain' in change && change.domain === undefined
        ? undefined
        : {
            name: change.domain ?? `${stage}.example.com`,
            ...(certificateId !== undefined && { certificateId }),
            routes: { '/hello': `small-${stage}-hello` },
          },
    bucket: change.bucket,
    written: () => written.join('\n'),
    noticed: () => noticed.join('\n'),
  };
};

/** Deploys the small service, and answers what was told. */
export const deploySmall = async (
  cloud: Pick<TestCloud, 'env'>,
  endpoint: string,
  change?: Change,
): Promise<{ written: string; noticed: string }> => {
  const options = await describeDeployment(cloud, endpoint, change);
  await deploy(options).finally(() => keepOutput(`${options.written()}\n${options.noticed()}`));
  return { written: options.written(), noticed: options.noticed() };
};

/** The calls that the stand-in has seen since the last time. */
export const takeCalls = async (cloud: string): Promise<RecordedCall[]> => {
  const { calls } = (await (await fetch(`${cloud}/local/scf/calls`)).json()) as { calls: RecordedCall[] };
  await fetch(`${cloud}/local/scf/calls`, { method: 'DELETE' });
  return calls;
};

/** Those of them that change something, as `action name`. */
export const writesOf = (calls: readonly RecordedCall[]): string[] =>
  calls
    .filter(({ action }) => !isReading(action))
    .map(({ action, request }) => `${action} ${request.FunctionName ?? request.Domain}`);

/** What callers of a stage meet, and what the next deployment goes by. */
export const stateOf = async (cloud: Pick<TestCloud, 'env' | 'cloud'>, stage: string) => {
  const options = await describeDeployment(cloud, cloud.cloud, { stage });
  const { looker, inventory, owner } = openSession(options);
  const { owned } = await inventory();
  const functions = await Promise.all(
    options.packed.map(async (packed) => {
      const fn = await describeWanted(packed, options.provider, owner, options.env);
      const found = await looker.look(fn, owned.get(fn.deployedName));
      const live = found?.versions.find(({ version }) => version === found.live?.version);
      return {
        status: found?.status,
        code: found?.mark?.code === fn.code,
        configuration: found?.configuration,
        isLive: found?.live?.mark?.release === fn.release || live?.mark?.release === fn.release,
        reservedMb: found?.reservedMb,
        warm: Object.values(found?.provisioned ?? {}),
        triggers: found?.triggers.map(({ name, qualifier, isOpen }) => ({ name, qualifier, isOpen })),
      };
    }),
  );
  return { functions, domain: (await looker.domains()).get(`${stage}.example.com`) };
};

/** What callers of `hello` are answered. */
export const invokeSmall = async (cloud: Pick<TestCloud, 'env' | 'cloud'>, stage: string) => {
  const options = await describeDeployment(cloud, cloud.cloud, { stage, options: { function: 'hello', data: '{}' } });
  const exitCode = await invoke({ ...options, serviceDir: '/' });
  return { exitCode, reply: JSON.parse(options.written()) };
};

/** What the message of a failure is; `undefined` when there is none. */
export const messageOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  );

import { isNotFound, type ResponseOf, type Scf } from './api.ts';
import { type Mark, readAliasMark, readMark, readVersionMark, type VersionMark } from './mark.ts';
import type { Configuration, WantedDomain, WantedFunction } from './wanted.ts';

/** The alias that function URLs, timers and the domain lead to. */
export const liveAlias = 'live';

export interface FoundTrigger {
  name: string;
  type: string;
  description: string;
  qualifier: string;
  isOpen: boolean;
}

export interface FoundVersion {
  version: string;
  mark?: VersionMark;
  /** As the cloud writes it: `2026-11-21 20:12:15`. */
  addedAt: string;
}

export interface FoundFunction {
  status: string;
  /** Absent: it is not of our making. */
  mark?: Mark;
  configuration: Configuration;
  reservedMb: number;
  /** Version → instances that are kept warm. */
  provisioned: Readonly<Record<string, number>>;
  triggers: readonly FoundTrigger[];
  /** What the alias leads to. */
  live?: { version: string; release?: string };
  /** Newest first. Looked up only when the live version is not the wanted one. */
  versions: readonly FoundVersion[];
}

export interface FoundDomain {
  protocol: string;
  certificateId?: string;
  routes: readonly { path: string; deployedName: string; namespace: string; qualifier: string }[];
}

/** A function as the list of all shows it. */
export type Listed = NonNullable<ResponseOf<'ListFunctions'>['Functions']>[number];

export interface Looker {
  /** All functions whose names begin so, by name. */
  list(prefix: string): Promise<ReadonlyMap<string, Listed>>;
  /** A function, once nothing is being done to it; `undefined` when there is none. Throws an `Error` for one that gets stuck. */
  look(wanted: Sought, listed?: Listed): Promise<FoundFunction | undefined>;
  /** GetFunction's answer once nothing is being done to the function, or to a version of it. */
  settle(deployedName: string, qualifier?: string): Promise<ResponseOf<'GetFunction'>>;
  /** Version → instances that are kept warm, once all of them are. */
  provisioned(deployedName: string): Promise<FoundFunction['provisioned']>;
  versions(deployedName: string): Promise<FoundVersion[]>;
  triggers(deployedName: string): Promise<FoundTrigger[]>;
  live(deployedName: string): Promise<FoundFunction['live']>;
  /** The domains of this region that lead anywhere, by name. */
  domains(): Promise<ReadonlyMap<string, FoundDomain>>;
}

/** What decides how closely a function is looked at. */
export type Sought = Pick<WantedFunction, 'deployedName' | 'release' | 'reservedMb' | 'provisioned'>;

export interface LookerOptions {
  scf: Scf;
  namespace: string;
  sleep: (ms: number) => Promise<unknown>;
}

const pageSize = 100;
/** Together some five minutes. */
const settlePausesMs = [200, 300, 500, ...Array<number>(15).fill(1000), ...Array<number>(95).fill(3000)];

/** Reads what is there. A function that is as it shall be takes two calls: GetFunction and GetAlias. */
export const createLooker = ({ scf, namespace: Namespace, sleep }: LookerOptions): Looker => {
  const settle: Looker['settle'] = async (FunctionName, Qualifier) => {
    const request = { FunctionName, Namespace, ...(Qualifier !== undefined && { Qualifier }) };
    for (const pauseMs of settlePausesMs) {
      const reply = await scf('GetFunction', request);
      if (isSettled(reply.Status)) return reply;
      await sleep(pauseMs);
    }
    const { Status, StatusDesc } = await scf('GetFunction', request);
    throw new Error(
      `${FunctionName} is still ${Status} after five minutes${StatusDesc ? ` (${StatusDesc})` : ''}. ` +
        'Look at it in the console; deploy again when it is Active.',
    );
  };

  const versions: Looker['versions'] = (FunctionName) =>
    readAll(async (Offset) => {
      const request = { FunctionName, Namespace, Offset, Limit: pageSize };
      const { Versions, TotalCount } = await scf('ListVersionByFunction', request);
      return { items: Versions, total: TotalCount };
    }).then((all) =>
      all
        .filter(({ Version }) => /^\d+$/.test(Version))
        .map(({ Version, Description, AddTime }) => {
          const mark = readVersionMark(Description ?? '');
          return { version: Version, addedAt: AddTime ?? '', ...(mark && { mark }) };
        })
        .sort((a, b) => Number(b.version) - Number(a.version)),
    );

  const triggers: Looker['triggers'] = async (FunctionName) => {
    const { Triggers } = await scf('ListTriggers', { FunctionName, Namespace, Limit: pageSize });
    return (Triggers ?? []).map(readTrigger);
  };

  const live: Looker['live'] = async (FunctionName) => {
    const alias = await scf('GetAlias', { FunctionName, Namespace, Name: liveAlias }).catch(undefinedIfNotFound);
    const version = alias?.FunctionVersion;
    if (version === undefined) return undefined;
    const release = readAliasMark(alias?.Description ?? '', version);
    return { version, ...(release !== undefined && { release }) };
  };

  const provisioned: Looker['provisioned'] = async (FunctionName) => {
    for (const pauseMs of settlePausesMs) {
      const { Allocated } = await scf('GetProvisionedConcurrencyConfig', { FunctionName, Namespace });
      const all = Allocated ?? [];
      if (all.every(({ Status }) => Status !== 'InProgress'))
        return Object.fromEntries(
          all.map(({ Qualifier = '', AllocatedProvisionedConcurrencyNum: instances = 0 }) => [Qualifier, instances]),
        );
      await sleep(pauseMs);
    }
    throw new Error(`${FunctionName} is still warming up instances after five minutes.`);
  };

  const reservedOf = async (FunctionName: string) =>
    (await scf('GetReservedConcurrencyConfig', { FunctionName, Namespace })).ReservedMem;

  return {
    settle,
    provisioned,
    versions,
    triggers,
    live,

    async list(prefix) {
      const all = await readAll(async (Offset) => {
        const { Functions, TotalCount } = await scf('ListFunctions', {
          Namespace,
          SearchKey: prefix,
          Offset,
          Limit: pageSize,
        });
        return { items: Functions, total: TotalCount };
      });
      // The search finds the text anywhere in a name.
      return new Map(
        all.flatMap((listed) => (listed.FunctionName?.startsWith(prefix) ? [[listed.FunctionName, listed]] : [])),
      );
    },

    async look({ deployedName, release, reservedMb, provisioned: warm }, listed) {
      const reply = await settle(deployedName).catch(undefinedIfNotFound);
      if (!reply) return undefined;
      const led = await live(deployedName);
      const ownTriggers = (reply.Triggers ?? []).map(readTrigger);
      return {
        status: reply.Status ?? '',
        ...readFunction(reply),
        reservedMb: listed?.ReservedConcurrencyMem ?? (reservedMb > 0 ? await reservedOf(deployedName) : 0) ?? 0,
        provisioned: warm > 0 || listed?.TotalProvisionedConcurrencyMem ? await provisioned(deployedName) : {},
        // Whether GetFunction shows the triggers of an alias is not documented.
        triggers: led && ownTriggers.length === 0 ? await triggers(deployedName) : ownTriggers,
        ...(led && { live: led }),
        versions: led?.release === release ? [] : await versions(deployedName),
      };
    },

    async domains() {
      const all = await readAll(async (Offset) => {
        const { Domains, Total } = await scf('ListCustomDomains', { Offset, Limit: pageSize });
        return { items: Domains, total: Total };
      });
      return new Map(
        all.map(({ Domain, Protocol, CertConfig, EndpointsConfig }) => [
          Domain,
          {
            protocol: Protocol ?? '',
            ...(CertConfig?.CertificateId && { certificateId: CertConfig.CertificateId }),
            routes: (EndpointsConfig ?? []).map((endpoint) => ({
              path: endpoint.PathMatch,
              deployedName: endpoint.FunctionName,
              namespace: endpoint.Namespace,
              qualifier: endpoint.Qualifier,
            })),
          },
        ]),
      );
    },
  };
};

/** Settled for the worse are `CreateFailed` and the like. Source: https://cloud.tencent.com/document/product/583/115197 */
const isSettled = (status = ''): boolean => status === 'Active' || status.endsWith('Failed');

const undefinedIfNotFound = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
};

/** Reads page after page until the total is reached: how many a page holds is for the cloud to say. */
const readAll = async <Item>(
  readPage: (offset: number) => Promise<{ items?: Item[] | undefined; total?: number | undefined }>,
): Promise<Item[]> => {
  const all: Item[] = [];
  for (;;) {
    const { items = [], total = 0 } = await readPage(all.length);
    all.push(...items);
    if (items.length === 0 || all.length >= total) return all;
  }
};

const readFunction = (reply: ResponseOf<'GetFunction'>): Pick<FoundFunction, 'configuration' | 'mark'> => {
  const { text, mark } = readMark(reply.Description ?? '');
  return {
    ...(mark && { mark }),
    configuration: {
      description: text,
      runtime: reply.Runtime ?? '',
      memoryMb: reply.MemorySize ?? 0,
      timeoutSeconds: reply.Timeout ?? 0,
      role: reply.Role ?? '',
      vpcId: reply.VpcConfig?.VpcId ?? '',
      subnetId: reply.VpcConfig?.SubnetId ?? '',
      hasPublicAccess: reply.PublicNetConfig?.PublicNetStatus !== 'DISABLE',
      environment: Object.fromEntries(
        (reply.Environment?.Variables ?? [])
          .map(({ Key = '', Value = '' }) => [Key, Value] as const)
          .filter(([name]) => name !== '')
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    },
  };
};

interface CloudTrigger {
  TriggerName?: string;
  Type?: string;
  TriggerDesc?: string;
  Qualifier?: string;
  Enable?: number;
}

const readTrigger = ({ TriggerName, Type, TriggerDesc = '', Qualifier, Enable }: CloudTrigger): FoundTrigger => ({
  name: TriggerName ?? '',
  type: Type ?? '',
  // The bare cron that a timer was given may come back as JSON.
  description: Type === 'timer' && TriggerDesc.startsWith('{') ? JSON.parse(TriggerDesc).cron : TriggerDesc,
  qualifier: Qualifier ?? '',
  isOpen: Enable !== 0,
});

/** The public address in a function URL's description. */
export const urlOf = ({ type, description }: FoundTrigger): string | undefined => {
  if (type !== 'http' || !description.startsWith('{')) return undefined;
  const { NetConfig } = JSON.parse(description) as { NetConfig?: { ExtranetUrl?: string } };
  return NetConfig?.ExtranetUrl?.replace(/\/$/, '') || undefined;
};

/** Whether all that a domain leads to is ours: then the domain is. */
export const leadsOnlyTo = (
  { routes }: FoundDomain,
  isOurs: (deployedName: string) => boolean,
  namespace: string,
): boolean => routes.length > 0 && routes.every((route) => isOurs(route.deployedName) && route.namespace === namespace);

export const protocolOf = ({ certificateId }: WantedDomain): string => (certificateId ? 'HTTPS' : 'HTTP');

import { isNotFound, type ResponseOf, type Scf } from './api.ts';
import { type AliasMark, type Mark, readAliasMark, readMark, readVersionMark, type VersionMark } from './mark.ts';
import type { Until } from './until.ts';
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
  status: string;
  mark?: VersionMark;
  /** As the cloud writes it: `2026-11-21 20:12:15`. */
  addedAt: string;
}

/** What the alias leads to. */
export interface FoundAlias {
  /** A number, or `$LATEST` when somebody else has led it there. */
  version: string;
  mark?: AliasMark;
  /** A second version has a share of the calls, which we never give. */
  isShared: boolean;
  /** As the cloud writes it. */
  movedAt: string;
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
  live?: FoundAlias;
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

/** What keeps the instances of one version warm. */
export type Allocation = NonNullable<ResponseOf<'GetProvisionedConcurrencyConfig'>['Allocated']>[number];

export interface Looker {
  /** All functions whose names begin so, by name. */
  list(prefix: string): Promise<ReadonlyMap<string, Listed>>;
  /** A function, once nothing is being done to it; `undefined` when there is none. Throws an `Error` for one that gets stuck. */
  look(wanted: Sought, listed?: Listed): Promise<FoundFunction | undefined>;
  /** `undefined` when there is no such function, or no such version of it. */
  get(deployedName: string, qualifier?: string): Promise<ResponseOf<'GetFunction'> | undefined>;
  /** The same once nothing is being done to it. */
  settle(deployedName: string, qualifier?: string): Promise<ResponseOf<'GetFunction'> | undefined>;
  allocations(deployedName: string): Promise<Allocation[]>;
  /** Version → instances that are kept warm, once none is on its way. */
  provisioned(deployedName: string): Promise<FoundFunction['provisioned']>;
  versions(deployedName: string): Promise<FoundVersion[]>;
  triggers(deployedName: string): Promise<FoundTrigger[]>;
  live(deployedName: string): Promise<FoundAlias | undefined>;
  /** The domains of this region that lead anywhere, by name. */
  domains(): Promise<ReadonlyMap<string, FoundDomain>>;
}

/** What decides how closely a function is looked at. */
export type Sought = Pick<WantedFunction, 'deployedName' | 'release' | 'reservedMb' | 'provisioned' | 'triggers'>;

export interface LookerOptions {
  scf: Scf;
  namespace: string;
  until: Until;
}

const pageSize = 100;

/** Reads what is there. A function that is as it shall be takes two calls: GetFunction and GetAlias. */
export const createLooker = ({ scf, namespace: Namespace, until }: LookerOptions): Looker => {
  const get: Looker['get'] = (FunctionName, Qualifier) =>
    scf('GetFunction', { FunctionName, Namespace, ...(Qualifier !== undefined && { Qualifier }) }).catch(
      undefinedIfNotFound,
    );

  const settle: Looker['settle'] = (deployedName, qualifier) =>
    until(
      () => get(deployedName, qualifier),
      (reply) =>
        !reply || isSettled(reply.Status)
          ? undefined
          : `${nameOf(deployedName, qualifier)} is ${reply.Status}${reply.StatusDesc ? ` (${reply.StatusDesc})` : ''}`,
    );

  const versions: Looker['versions'] = async (FunctionName) => {
    const all = await readAll(async (Offset) => {
      const request = { FunctionName, Namespace, Offset, Limit: pageSize };
      const { Versions, TotalCount } = await scf('ListVersionByFunction', request);
      return { items: Versions, total: TotalCount };
    });
    return all
      .filter(({ Version }) => isNumber(Version))
      .map(({ Version, Description, AddTime, Status }) => {
        const mark = readVersionMark(Description ?? '');
        return { version: Version, status: Status ?? 'Active', addedAt: AddTime ?? '', ...(mark && { mark }) };
      })
      .sort((a, b) => Number(b.version) - Number(a.version));
  };

  const triggers: Looker['triggers'] = async (FunctionName) => {
    const { Triggers } = await scf('ListTriggers', { FunctionName, Namespace, Limit: pageSize });
    return (Triggers ?? []).map(readTrigger);
  };

  const live: Looker['live'] = async (FunctionName) => {
    const alias = await scf('GetAlias', { FunctionName, Namespace, Name: liveAlias }).catch(undefinedIfNotFound);
    const version = alias?.FunctionVersion;
    if (version === undefined) return undefined;
    const mark = readAliasMark(alias?.Description ?? '', version);
    return {
      version,
      ...(mark && { mark }),
      isShared: Boolean(alias?.RoutingConfig?.AdditionalVersionWeights?.length),
      movedAt: alias?.ModTime ?? '',
    };
  };

  const allocations: Looker['allocations'] = async (FunctionName) =>
    (await scf('GetProvisionedConcurrencyConfig', { FunctionName, Namespace })).Allocated ?? [];

  const provisioned: Looker['provisioned'] = async (deployedName) => {
    const all = await until(
      () => allocations(deployedName),
      (found) =>
        found.some(({ Status }) => Status === 'InProgress') ? `${deployedName} is warming up instances` : undefined,
    );
    return Object.fromEntries(
      all.flatMap(({ Qualifier = '', Status, ...instances }) => {
        const { AllocatedProvisionedConcurrencyNum: wanted = 0, AvailableProvisionedConcurrencyNum: warm = 0 } =
          instances;
        return wanted > 0 ? [[Qualifier, Status === 'Failed' ? warm : wanted]] : [];
      }),
    );
  };

  const reservedOf = async (FunctionName: string) =>
    (await scf('GetReservedConcurrencyConfig', { FunctionName, Namespace })).ReservedMem;

  return {
    get,
    settle,
    allocations,
    provisioned,
    versions,
    triggers,
    live,

    async list(prefix) {
      const all = await readAll(async (Offset) => {
        const request = { Namespace, SearchKey: prefix, Offset, Limit: pageSize };
        const { Functions, TotalCount } = await scf('ListFunctions', request);
        return { items: Functions, total: TotalCount };
      });
      // The search finds the text anywhere in a name.
      return new Map(
        all.flatMap((listed) => (listed.FunctionName?.startsWith(prefix) ? [[listed.FunctionName, listed]] : [])),
      );
    },

    async look({ deployedName, release, reservedMb, provisioned: warm, triggers: wanted }, listed) {
      const reply = await settle(deployedName);
      if (!reply) return undefined;
      const led = await live(deployedName);
      const shown = (reply.Triggers ?? []).map(readTrigger);
      const areShown = wanted.length > 0 && wanted.every(({ name }) => shown.some((trigger) => trigger.name === name));
      return {
        status: reply.Status ?? '',
        ...readFunction(reply),
        reservedMb:
          listed?.ReservedConcurrencyMem ?? (!listed || reservedMb > 0 ? await reservedOf(deployedName) : 0) ?? 0,
        provisioned:
          !listed || warm > 0 || listed.TotalProvisionedConcurrencyMem ? await provisioned(deployedName) : {},
        // Whether GetFunction shows the triggers of an alias is not documented.
        triggers: areShown ? shown : await triggers(deployedName),
        ...(led && { live: led }),
        versions: led?.mark?.release === release ? [] : await versions(deployedName),
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
const isSettled = (status = ''): boolean => status === 'Active' || isFailed(status);

export const isFailed = (status: string): boolean => status.endsWith('Failed');

/** Whether a version is a published one. */
export const isNumber = (version: string): boolean => /^\d+$/.test(version);

/** A function, or a version of it, for people. */
export const nameOf = (deployedName: string, qualifier: string | undefined): string =>
  qualifier === undefined ? deployedName : `version ${qualifier} of ${deployedName}`;

const undefinedIfNotFound = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
};

/** Reads page after page until the total is reached: how many a page holds is for the cloud to say, and what is none may be `null`. */
const readAll = async <Item>(
  readPage: (offset: number) => Promise<{ items: Item[] | null | undefined; total: number | null | undefined }>,
): Promise<Item[]> => {
  const all: Item[] = [];
  for (;;) {
    const { items, total } = await readPage(all.length);
    all.push(...(items ?? []));
    if (!items?.length || all.length >= (total ?? 0)) return all;
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
      clsLogsetId: reply.ClsLogsetId ?? '',
      clsTopicId: reply.ClsTopicId ?? '',
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

export const protocolOf = ({ certificateId }: Pick<WantedDomain, 'certificateId'>): string =>
  certificateId ? 'HTTPS' : 'HTTP';

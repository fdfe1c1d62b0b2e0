import { isNotFound, type ResponseOf, type Scf } from './api.ts';
import type { CodeReference } from './code-store.ts';
import { isFailed, type Looker, liveAlias, nameOf, protocolOf } from './found.ts';
import {
  type AliasMark,
  claimOf,
  type Mark,
  readMark,
  type VersionMark,
  writeAliasMark,
  writeMark,
  writeVersionMark,
} from './mark.ts';
import type { Until } from './until.ts';
import type { WantedDomain, WantedFunction, WantedTrigger } from './wanted.ts';

/**
 * Every change that we make in the cloud, one method each. What changes a function waits until it is Active again, and
 * throws an `Error` when somebody else turns out to be at it as well.
 */
export interface Remote {
  create(fn: WantedFunction, code: CodeReference): Promise<void>;
  /** Sets the configuration, and says that the code is being replaced. */
  claim(fn: WantedFunction): Promise<void>;
  /** Only of what is claimed. */
  upload(fn: WantedFunction, code: CodeReference): Promise<void>;
  /** Sets the configuration, and says what the code is. */
  configure(fn: WantedFunction): Promise<void>;
  /** Answers the number of the version. */
  publish(fn: WantedFunction, mark: VersionMark): Promise<string>;
  awaitVersion(deployedName: string, version: string): Promise<void>;
  /** Megabytes of all instances together; 0 ends it. */
  reserve(deployedName: string, megabytes: number): Promise<void>;
  /** Waits until they are warm; 0 instances end it. */
  provision(deployedName: string, version: string, instances: number): Promise<void>;
  /** Leads the alias to a version, and all calls with it. */
  switch(deployedName: string, version: string, mark: AliasMark, isNew: boolean): Promise<void>;
  bind(deployedName: string, trigger: WantedTrigger): Promise<void>;
  rebind(deployedName: string, trigger: WantedTrigger): Promise<void>;
  unbind(deployedName: string, trigger: { name: string; type: string; qualifier: string }): Promise<void>;
  /** Deletes a version that nobody is led to. */
  prune(deployedName: string, version: string): Promise<void>;
  /** The function with its versions, alias and triggers; waits until it is gone. */
  delete(deployedName: string): Promise<void>;
  route(domain: WantedDomain, isNew: boolean): Promise<void>;
  unroute(domain: string): Promise<void>;
}

export interface RemoteOptions {
  scf: Scf;
  looker: Pick<Looker, 'get' | 'settle' | 'allocations'>;
  until: Until;
  namespace: string;
  /** Letters and digits that no other run has. */
  run: string;
}

/** Source: https://cloud.tencent.com/document/api/583/17235 */
export const createRemote = ({ scf, looker, until, namespace: Namespace, run }: RemoteOptions): Remote => {
  const at = (FunctionName: string) => ({ FunctionName, Namespace });
  const claimedBy = (fn: WantedFunction): Mark => ({ ...markOf(fn), code: claimOf(run) });

  const set = (fn: WantedFunction, mark: Mark) =>
    scf('UpdateFunctionConfiguration', {
      ...at(fn.deployedName),
      ...configurationOf(fn, mark),
      Environment: { Variables: variablesOf(fn, [{ Key: '', Value: '' }]) },
    });

  /** Answers what the function says of itself, once it is Active. */
  const waitFor = async (deployedName: string, qualifier?: string): Promise<Mark | undefined> => {
    const reply = await looker.settle(deployedName, qualifier);
    if (reply?.Status !== 'Active') throw new Error(`${nameOf(deployedName, qualifier)} is ${reasonOf(reply)}`);
    return readMark(reply.Description ?? '').mark;
  };

  const assertAlone = (deployedName: string, said: Mark | undefined, expected: Mark): void => {
    if (said?.code !== expected.code || said.release !== expected.release)
      throw new Error(`Somebody else is deploying ${deployedName}: wait until they are done, and deploy again.`);
  };

  const prune: Remote['prune'] = async (deployedName, version) => {
    await scf('DeleteFunctionVersion', { ...at(deployedName), Qualifier: version }).catch(ignoreNotFound);
  };

  return {
    prune,

    async create(fn, code) {
      await scf('CreateFunction', {
        ...at(fn.deployedName),
        ...configurationOf(fn, markOf(fn)),
        Environment: { Variables: variablesOf(fn, []) },
        Runtime: fn.configuration.runtime,
        Handler: fn.handler,
        Type: 'Event',
        Code: code,
      });
      assertAlone(fn.deployedName, await waitFor(fn.deployedName), markOf(fn));
    },

    async claim(fn) {
      await set(fn, claimedBy(fn));
      assertAlone(fn.deployedName, await waitFor(fn.deployedName), claimedBy(fn));
    },

    async upload(fn, code) {
      await scf('UpdateFunctionCode', { ...at(fn.deployedName), Handler: fn.handler, ...code });
      const said = await waitFor(fn.deployedName);
      try {
        assertAlone(fn.deployedName, said, claimedBy(fn));
      } catch (error) {
        // Whatever they say the code is, it may be ours now: their next deployment, or ours, uploads again.
        await set(fn, claimedBy(fn));
        throw error;
      }
    },

    async configure(fn) {
      await set(fn, markOf(fn));
      assertAlone(fn.deployedName, await waitFor(fn.deployedName), markOf(fn));
    },

    async publish(fn, mark) {
      const { deployedName } = fn;
      assertAlone(deployedName, await waitFor(deployedName), markOf(fn));
      const { FunctionVersion: version } = await scf('PublishVersion', {
        ...at(deployedName),
        Description: writeVersionMark(mark),
      });
      if (!version) throw new Error(`PublishVersion ${deployedName}: SCF does not say which version it is.`);
      await waitFor(deployedName, version);
      const said = await waitFor(deployedName);
      try {
        assertAlone(deployedName, said, markOf(fn));
      } catch (error) {
        // It may hold something else than it says.
        await prune(deployedName, version);
        throw error;
      }
      return version;
    },

    async awaitVersion(deployedName, version) {
      await waitFor(deployedName, version);
    },

    async reserve(deployedName, megabytes) {
      if (megabytes === 0) await scf('DeleteReservedConcurrencyConfig', at(deployedName));
      else await scf('PutReservedConcurrencyConfig', { ...at(deployedName), ReservedConcurrencyMem: megabytes });
    },

    async provision(deployedName, version, instances) {
      const target = { ...at(deployedName), Qualifier: version };
      if (instances === 0) await scf('DeleteProvisionedConcurrencyConfig', target).catch(ignoreNotFound);
      else {
        const count = { ProvisionedType: 'Default', VersionProvisionedConcurrencyNum: instances };
        await scf('PutProvisionedConcurrencyConfig', { ...target, ...count });
      }
      await until(
        async () => (await looker.allocations(deployedName)).find(({ Qualifier }) => Qualifier === version),
        (found) => {
          const { Status, StatusReason, AvailableProvisionedConcurrencyNum: warm = 0 } = found ?? {};
          if (Status === 'Failed')
            throw new Error(`${nameOf(deployedName, version)} has ${warm} of ${instances} instances: ${StatusReason}`);
          const isDone = instances === 0 ? !found?.AllocatedProvisionedConcurrencyNum : warm >= instances;
          return Status !== 'InProgress' && isDone
            ? undefined
            : `${nameOf(deployedName, version)} has ${warm} of ${instances} instances`;
        },
      );
    },

    async switch(deployedName, version, mark, isNew) {
      await scf(isNew ? 'CreateAlias' : 'UpdateAlias', {
        ...at(deployedName),
        Name: liveAlias,
        FunctionVersion: version,
        Description: writeAliasMark(version, mark),
        // What is left out stays.
        RoutingConfig: { AdditionalVersionWeights: [] },
      });
    },

    async bind(deployedName, trigger) {
      await scf('CreateTrigger', { ...at(deployedName), ...triggerOf(trigger) });
    },

    async rebind(deployedName, trigger) {
      await scf('UpdateTrigger', { ...at(deployedName), ...triggerOf(trigger) });
    },

    async unbind(deployedName, { name, type, qualifier }) {
      const request = { ...at(deployedName), TriggerName: name, Type: type, Qualifier: qualifier };
      await scf('DeleteTrigger', request).catch(ignoreNotFound);
    },

    async delete(deployedName) {
      await scf('DeleteFunction', at(deployedName)).catch(ignoreNotFound);
      await until(
        () => looker.get(deployedName),
        (reply) => {
          if (reply && isFailed(reply.Status ?? '')) throw new Error(`${deployedName} is ${reasonOf(reply)}`);
          return reply && `${deployedName} is ${reply.Status}`;
        },
      );
    },

    async route(domain, isNew) {
      await scf(isNew ? 'CreateCustomDomain' : 'UpdateCustomDomain', {
        Domain: domain.name,
        Protocol: protocolOf(domain),
        ...(domain.certificateId !== undefined && { CertConfig: { CertificateId: domain.certificateId } }),
        EndpointsConfig: Object.entries(domain.routes).map(([PathMatch, deployedName]) => ({
          ...at(deployedName),
          Qualifier: liveAlias,
          PathMatch,
        })),
      });
    },

    async unroute(domain) {
      await scf('DeleteCustomDomain', { Domain: domain }).catch(ignoreNotFound);
    },
  };
};

const markOf = ({ owner, code, release }: WantedFunction): Mark => ({ ...owner, code, release });

const configurationOf = ({ configuration }: WantedFunction, mark: Mark) => ({
  Description: writeMark(configuration.description, mark),
  MemorySize: configuration.memoryMb,
  Timeout: configuration.timeoutSeconds,
  Role: configuration.role,
  VpcConfig: { VpcId: configuration.vpcId, SubnetId: configuration.subnetId },
  PublicNetConfig: {
    PublicNetStatus: configuration.hasPublicAccess ? 'ENABLE' : 'DISABLE',
    EipConfig: { EipStatus: 'DISABLE' },
  },
  ...(configuration.clsTopicId !== undefined && {
    ClsLogsetId: configuration.clsLogsetId,
    ClsTopicId: configuration.clsTopicId,
  }),
});

/** With none, an update takes an empty list for one that was not given, and wants a variable without a name. */
const variablesOf = ({ configuration: { environment } }: WantedFunction, none: { Key: string; Value: string }[]) => {
  const variables = Object.entries(environment).map(([Key, Value]) => ({ Key, Value }));
  return variables.length > 0 ? variables : none;
};

const triggerOf = ({ name, type, description }: WantedTrigger) => ({
  TriggerName: name,
  Type: type,
  TriggerDesc: description,
  Qualifier: liveAlias,
  Enable: 'OPEN',
});

const reasonOf = (reply: ResponseOf<'GetFunction'> | undefined): string => {
  if (!reply) return 'gone';
  const { Status, StatusReasons, StatusDesc } = reply;
  const reasons = (StatusReasons ?? []).map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`);
  return `${Status}: ${reasons.join('; ') || StatusDesc || 'SCF does not say why'}`;
};

const ignoreNotFound = (error: unknown): void => {
  if (!isNotFound(error)) throw error;
};

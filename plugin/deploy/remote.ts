import { isNotFound, type ResponseOf, type Scf } from './api.ts';
import type { CodeReference } from './code-store.ts';
import { type Looker, liveAlias, protocolOf } from './found.ts';
import { type VersionMark, writeAliasMark, writeMark, writeVersionMark } from './mark.ts';
import type { WantedDomain, WantedFunction, WantedTrigger } from './wanted.ts';

/** Every change that we make in the cloud, one method each. What changes a function waits until it is Active again. */
export interface Remote {
  create(fn: WantedFunction, code: CodeReference): Promise<void>;
  /** Of the code, only what the description says of it. */
  configure(fn: WantedFunction, code: string): Promise<void>;
  upload(fn: WantedFunction, code: CodeReference): Promise<void>;
  /** Answers the number of the version. */
  publish(deployedName: string, mark: VersionMark): Promise<string>;
  /** Megabytes of all instances together; 0 ends it. */
  reserve(deployedName: string, megabytes: number): Promise<void>;
  /** Waits until they are warm; 0 instances end it. */
  provision(deployedName: string, version: string, instances: number): Promise<void>;
  /** Leads the alias to a version. */
  switch(deployedName: string, version: string, release: string, isNew: boolean): Promise<void>;
  bind(deployedName: string, trigger: WantedTrigger): Promise<void>;
  rebind(deployedName: string, trigger: WantedTrigger): Promise<void>;
  unbind(deployedName: string, trigger: { name: string; type: string; qualifier: string }): Promise<void>;
  /** The function with its versions, alias and triggers. */
  delete(deployedName: string): Promise<void>;
  route(domain: WantedDomain, isNew: boolean): Promise<void>;
  unroute(domain: string): Promise<void>;
}

export interface RemoteOptions {
  scf: Scf;
  looker: Pick<Looker, 'settle' | 'provisioned'>;
  namespace: string;
}

/** Source: https://cloud.tencent.com/document/api/583/17235 */
export const createRemote = ({ scf, looker, namespace: Namespace }: RemoteOptions): Remote => {
  const waitFor = async (deployedName: string, qualifier?: string): Promise<void> => {
    const reply = await looker.settle(deployedName, qualifier);
    if (reply.Status !== 'Active') throw new Error(`${deployedName} is ${reply.Status}: ${reasonsOf(reply)}`);
  };

  const at = (FunctionName: string) => ({ FunctionName, Namespace });

  return {
    async create(fn, code) {
      await scf('CreateFunction', {
        ...at(fn.deployedName),
        ...configurationOf(fn, fn.code),
        Runtime: fn.configuration.runtime,
        Handler: fn.handler,
        Type: 'Event',
        Code: code,
      });
      await waitFor(fn.deployedName);
    },

    async configure(fn, code) {
      await scf('UpdateFunctionConfiguration', { ...at(fn.deployedName), ...configurationOf(fn, code) });
      await waitFor(fn.deployedName);
    },

    async upload(fn, code) {
      await scf('UpdateFunctionCode', {
        ...at(fn.deployedName),
        Handler: fn.handler,
        ...code,
      });
      await waitFor(fn.deployedName);
    },

    async publish(deployedName, mark) {
      const { FunctionVersion = '' } = await scf('PublishVersion', {
        ...at(deployedName),
        Description: writeVersionMark(mark),
      });
      await waitFor(deployedName, FunctionVersion);
      await waitFor(deployedName);
      return FunctionVersion;
    },

    async reserve(deployedName, megabytes) {
      if (megabytes === 0) await scf('DeleteReservedConcurrencyConfig', at(deployedName));
      else await scf('PutReservedConcurrencyConfig', { ...at(deployedName), ReservedConcurrencyMem: megabytes });
    },

    async provision(deployedName, version, instances) {
      const target = { ...at(deployedName), Qualifier: version };
      if (instances === 0) await scf('DeleteProvisionedConcurrencyConfig', target);
      else {
        const count = { ProvisionedType: 'Default', VersionProvisionedConcurrencyNum: instances };
        await scf('PutProvisionedConcurrencyConfig', { ...target, ...count });
        await looker.provisioned(deployedName);
      }
    },

    async switch(deployedName, version, release, isNew) {
      await scf(isNew ? 'CreateAlias' : 'UpdateAlias', {
        ...at(deployedName),
        Name: liveAlias,
        FunctionVersion: version,
        Description: writeAliasMark(version, release),
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

const configurationOf = ({ configuration, owner }: WantedFunction, code: string) => ({
  Description: writeMark(configuration.description, { ...owner, code }),
  MemorySize: configuration.memoryMb,
  Timeout: configuration.timeoutSeconds,
  Role: configuration.role,
  VpcConfig: { VpcId: configuration.vpcId, SubnetId: configuration.subnetId },
  // Within a network of ours, IM and STS are reached over the public one still.
  PublicNetConfig: {
    PublicNetStatus: configuration.hasPublicAccess ? 'ENABLE' : 'DISABLE',
    EipConfig: { EipStatus: 'DISABLE' },
  },
  Environment: {
    Variables: Object.entries(configuration.environment).map(([Key, Value]) => ({ Key, Value })),
  },
});

const triggerOf = ({ name, type, description }: WantedTrigger) => ({
  TriggerName: name,
  Type: type,
  TriggerDesc: description,
  Qualifier: liveAlias,
  Enable: 'OPEN',
});

const reasonsOf = ({ StatusReasons, StatusDesc }: ResponseOf<'GetFunction'>): string =>
  (StatusReasons ?? []).map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`).join('; ') ||
  StatusDesc ||
  'SCF does not say why';

const ignoreNotFound = (error: unknown): void => {
  if (!isNotFound(error)) throw error;
};

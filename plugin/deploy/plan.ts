import { isDeepStrictEqual } from 'node:util';
import {
  type FoundDomain,
  type FoundFunction,
  type FoundTrigger,
  type FoundVersion,
  leadsOnlyTo,
  liveAlias,
  protocolOf,
} from './found.ts';
import { isOwnedBy, unknownCode } from './mark.ts';
import {
  type Configuration,
  isOurTrigger,
  type WantedDomain,
  type WantedFunction,
  type WantedTrigger,
} from './wanted.ts';

/** One change to one function. Each can be made again, and none is seen by callers before `switch`. */
export type Step =
  | { do: 'delete' }
  | { do: 'create' }
  /** Sets all of the configuration, and what the description says the code is. */
  | { do: 'configure'; code: string; changes: readonly string[] }
  | { do: 'upload' }
  | { do: 'publish'; after: string }
  /** 0: nothing is reserved any longer. */
  | { do: 'reserve'; megabytes: number }
  /** Without a version, the one that was published just now. 0 instances: none is kept warm any longer. */
  | { do: 'provision'; version?: string; instances: number }
  | { do: 'switch'; version?: string; from?: string }
  | { do: 'bind'; trigger: WantedTrigger }
  | { do: 'rebind'; trigger: WantedTrigger }
  | { do: 'unbind'; trigger: FoundTrigger };

export interface FunctionPlan {
  fn: WantedFunction;
  /** Up to a published version that nobody calls yet. */
  prepare: readonly Step[];
  /** Leads callers to it. */
  switch: readonly Step[];
}

/** What is to be done about one function. Throws an `Error` for one that must not be touched, or cannot be changed. */
export const planFunction = (fn: WantedFunction, found: FoundFunction | undefined): FunctionPlan => {
  if (!found)
    return {
      fn,
      prepare: [{ do: 'create' }, ...reserve(fn, 0), { do: 'publish', after: 'none' }, ...warmUp(fn, undefined, {})],
      switch: [{ do: 'switch' }, ...fn.triggers.map((trigger): Step => ({ do: 'bind', trigger }))],
    };
  assertOurs(fn, found);
  if (found.status === 'CreateFailed' && !found.live) {
    const { prepare, switch: switched } = planFunction(fn, undefined);
    return { fn, prepare: [{ do: 'delete' }, ...prepare], switch: switched };
  }
  if (found.configuration.runtime !== fn.configuration.runtime)
    throw new Error(
      `${fn.deployedName} runs on ${found.configuration.runtime}, and SCF changes no runtime: remove it before you deploy it with ${fn.configuration.runtime}.`,
    );

  const version = found.live?.release === fn.release ? found.live.version : findPublished(fn, found);
  const isSwitched = version !== undefined && version === found.live?.version;
  return {
    fn,
    prepare: [
      ...update(fn, found),
      ...reserve(fn, found.reservedMb),
      ...(version === undefined ? [{ do: 'publish', after: found.live?.version ?? 'none' } as const] : []),
      ...warmUp(fn, version, found.provisioned),
    ],
    switch: [
      ...(isSwitched
        ? []
        : [
            {
              do: 'switch',
              ...(version !== undefined && { version }),
              ...(found.live && { from: found.live.version }),
            } as const,
          ]),
      ...coolDown(version, fn, found.provisioned),
      ...bind(fn.triggers, found.triggers),
    ],
  };
};

const assertOurs = ({ deployedName, owner }: WantedFunction, { mark }: FoundFunction): void => {
  if (isOwnedBy(mark, owner)) return;
  const whose = mark ? `belongs to the service ${mark.service}, stage ${mark.stage}` : 'was not deployed from here';
  throw new Error(`${deployedName} is there already and ${whose}: rename or remove it, or choose another stage.`);
};

/** A version that a killed deployment has published, or one that was rolled back from: newer than the live one. */
const findPublished = ({ release }: WantedFunction, { live, versions }: FoundFunction): string | undefined =>
  versions.find(({ version, mark }) => mark?.release === release && Number(version) >= Number(live?.version ?? 0))
    ?.version;

/** Code in the middle: before it the description says that the code is unknown, after it what it is. */
const update = (fn: WantedFunction, { status, mark, configuration }: FoundFunction): Step[] => {
  const changes = differences(configuration, fn.configuration);
  if (mark?.code !== fn.code || status.endsWith('Failed'))
    return [
      { do: 'configure', code: unknownCode, changes },
      { do: 'upload' },
      { do: 'configure', code: fn.code, changes: [] },
    ];
  return changes.length > 0 ? [{ do: 'configure', code: fn.code, changes }] : [];
};

const reserve = ({ reservedMb }: WantedFunction, foundMb: number): Step[] =>
  reservedMb === foundMb ? [] : [{ do: 'reserve', megabytes: reservedMb }];

type Provisioned = FoundFunction['provisioned'];

const warmUp = ({ provisioned }: WantedFunction, version: string | undefined, found: Provisioned): Step[] => {
  const isWarm = provisioned === 0 || (version !== undefined && found[version] === provisioned);
  return isWarm ? [] : [{ do: 'provision', ...(version !== undefined && { version }), instances: provisioned }];
};

const coolDown = (live: string | undefined, { provisioned }: WantedFunction, found: Provisioned): Step[] =>
  Object.entries(found)
    .filter(([version, instances]) => instances > 0 && (version !== live || provisioned === 0))
    .map(([version]) => ({ do: 'provision', version, instances: 0 }));

/** Triggers that somebody else has added stay as they are. */
const bind = (wanted: readonly WantedTrigger[], found: readonly FoundTrigger[]): Step[] => {
  const ours = found.filter(({ name }) => isOurTrigger(name));
  const isKept = ({ name, type, qualifier }: FoundTrigger) =>
    qualifier === liveAlias && wanted.some((trigger) => trigger.name === name && trigger.type === type);
  return [
    ...ours.filter((trigger) => !isKept(trigger)).map((trigger): Step => ({ do: 'unbind', trigger })),
    ...wanted.flatMap((trigger): Step[] => {
      const there = ours.find((candidate) => candidate.name === trigger.name && isKept(candidate));
      if (!there) return [{ do: 'bind', trigger }];
      return there.isOpen && says(there.description, trigger.description) ? [] : [{ do: 'rebind', trigger }];
    }),
  ];
};

/** Of a function URL's settings, all that we said must be there: the cloud adds to them. */
const says = (found: string, wanted: string): boolean =>
  found === wanted ||
  (found.startsWith('{') && wanted.startsWith('{') && includes(JSON.parse(found), JSON.parse(wanted)));

const includes = (whole: unknown, part: unknown): boolean =>
  typeof part === 'object' && part !== null
    ? typeof whole === 'object' &&
      whole !== null &&
      Object.entries(part).every(([name, value]) => includes((whole as Record<string, unknown>)[name], value))
    : whole === part;

/** What differs, for people: of variables the names alone. */
const differences = (found: Configuration, wanted: Configuration): string[] => {
  const { environment: foundVariables, ...foundRest } = found;
  const { environment: wantedVariables, ...wantedRest } = wanted;
  const names = [...new Set([...Object.keys(foundVariables), ...Object.keys(wantedVariables)])].sort();
  return [
    ...(Object.keys(wantedRest) as (keyof typeof wantedRest)[])
      .filter((name) => !isDeepStrictEqual(foundRest[name], wantedRest[name]))
      .map((name) =>
        name === 'description' ? name : `${name} ${foundRest[name] || '-'} → ${wantedRest[name] || '-'}`,
      ),
    ...names.flatMap((name) => {
      if (foundVariables[name] === wantedVariables[name]) return [];
      if (foundVariables[name] === undefined) return [`${name} added`];
      return [`${name} ${wantedVariables[name] === undefined ? 'removed' : '«changed»'}`];
    }),
  ];
};

export type DomainStep = 'create' | 'update';

/** What is to be done about the domain, once all functions are live. Throws an `Error` for one that leads elsewhere. */
export const planDomain = (
  wanted: WantedDomain,
  found: FoundDomain | undefined,
  isOurs: (deployedName: string) => boolean,
  namespace: string,
): DomainStep | undefined => {
  if (!found) return 'create';
  if (!leadsOnlyTo(found, isOurs, namespace))
    throw new Error(
      `The domain ${wanted.name} leads to functions that were not deployed from here: it stays as it is.`,
    );
  const isSame =
    found.protocol === protocolOf(wanted) &&
    (found.certificateId ?? '') === (wanted.certificateId ?? '') &&
    found.routes.every(({ qualifier }) => qualifier === liveAlias) &&
    isDeepStrictEqual(Object.fromEntries(found.routes.map(({ path, deployedName }) => [path, deployedName])), {
      ...wanted.routes,
    });
  return isSame ? undefined : 'update';
};

/** What one step does, for people. */
export const describeStep = (step: Step): string => {
  switch (step.do) {
    case 'delete':
      return 'delete what could not be created';
    case 'create':
      return 'create';
    case 'configure':
      if (step.changes.length > 0) return `configure: ${step.changes.join(', ')}`;
      return step.code === unknownCode ? 'note that the code is being replaced' : 'note what the code is';
    case 'upload':
      return 'upload the code';
    case 'publish':
      return 'publish a version';
    case 'reserve':
      return step.megabytes > 0 ? `reserve ${step.megabytes} MB` : 'reserve nothing any longer';
    case 'provision':
      return step.instances > 0
        ? `keep ${step.instances} instances warm of ${nameOf(step.version)}`
        : `keep no instance warm of ${nameOf(step.version)}`;
    case 'switch':
      return `lead callers ${step.from === undefined ? '' : `from version ${step.from} `}to ${nameOf(step.version)}`;
    case 'bind':
      return `add the ${describeTrigger(step.trigger)}`;
    case 'rebind':
      return `set the ${describeTrigger(step.trigger)}`;
    case 'unbind':
      return `take away the trigger ${step.trigger.name} of ${step.trigger.qualifier}`;
  }
};

const nameOf = (version: string | undefined) => (version === undefined ? 'the new version' : `version ${version}`);

const describeTrigger = ({ type, description }: WantedTrigger): string =>
  type === 'http' ? 'function URL' : `timer ${description}`;

/** Whether `version` is one that a roll back can lead to. */
export const versionBefore = (live: string, versions: readonly FoundVersion[]): string | undefined => {
  const after = versions.find(({ version }) => version === live)?.mark?.after;
  return versions.some(({ version }) => version === after) ? after : undefined;
};

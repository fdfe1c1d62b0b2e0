import { isDeepStrictEqual } from 'node:util';
import {
  type FoundAlias,
  type FoundFunction,
  type FoundTrigger,
  type FoundVersion,
  isFailed,
  isNumber,
  liveAlias,
} from './found.ts';
import { type AliasMark, isClaim, isOwnedBy, type VersionMark } from './mark.ts';
import { type Configuration, isOurTrigger, type WantedFunction, type WantedTrigger } from './wanted.ts';

/** One change to one function. Each can be made again, and none is seen by callers before `switch`. */
export type Step =
  | { do: 'delete' }
  | { do: 'create' }
  /** As `configure`, and notes that the code is being replaced. */
  | { do: 'claim'; changes: readonly string[] }
  | { do: 'upload' }
  /** Sets all of the configuration, and notes what the code is. */
  | { do: 'configure'; changes: readonly string[] }
  | { do: 'publish'; after: string }
  | { do: 'await'; version: string }
  /** 0: nothing is reserved any longer. */
  | { do: 'reserve'; megabytes: number }
  /** Without a version, the one that was published just now. 0 instances: none is kept warm any longer. */
  | { do: 'provision'; version?: string; instances: number }
  | { do: 'switch'; version?: string; from?: string; mark: AliasMark }
  | { do: 'bind'; trigger: WantedTrigger }
  | { do: 'rebind'; trigger: WantedTrigger }
  | { do: 'unbind'; trigger: FoundTrigger }
  | { do: 'prune'; version: string };

/** What is to be done about one function. */
export interface Plan<S extends Step = Step> {
  deployedName: string;
  /** Up to a published version that nobody calls yet. */
  prepare: readonly S[];
  /** Leads callers to it. */
  switch: readonly S[];
}

export interface FunctionPlan extends Plan {
  fn: WantedFunction;
  /** What the version was published for that is there already. */
  deployment?: string | undefined;
}

/**
 * Compares what shall be with what is. Of versions that nobody is led to, only such are taken as were published for the
 * `deployment`, when there is one. Throws an `Error` for a function that must not be touched, or cannot be changed.
 */
export const planFunction = (
  fn: WantedFunction,
  found: FoundFunction | undefined,
  deployment?: string,
): FunctionPlan => {
  const { deployedName, release } = fn;
  if (!found)
    return {
      fn,
      deployedName,
      prepare: [{ do: 'create' }, ...raise(fn, 0), { do: 'publish', after: 'none' }, ...warmUp(fn, undefined, {})],
      switch: [
        { do: 'switch', mark: { release } },
        ...fn.triggers.map((trigger) => ({ do: 'bind', trigger }) satisfies Step),
      ],
    };
  assertOurs(fn, found);
  if (found.status === 'CreateFailed') {
    const { prepare, switch: switched } = planFunction(fn, undefined);
    return { fn, deployedName, prepare: [{ do: 'delete' }, ...prepare], switch: switched };
  }
  if (found.configuration.runtime !== fn.configuration.runtime)
    throw new Error(
      `${deployedName} runs on ${found.configuration.runtime}, and SCF changes no runtime: remove it before you deploy it with ${fn.configuration.runtime}.`,
    );

  const { live, provisioned } = found;
  const published = findPublished(fn, found, deployment);
  const version = published?.version;
  const warm = Object.keys(provisioned);
  const isUsed = (each: string) => each === version || each === live?.version;
  return {
    fn,
    deployedName,
    deployment: published?.mark?.deployment,
    prepare: [
      ...update(fn, found),
      ...raise(fn, found.reservedMb),
      ...publish(published, live),
      // What a killed deployment has warmed up would leave no room.
      ...warm.filter((each) => !isUsed(each)).map(cool),
      ...warmUp(fn, version, provisioned),
    ],
    switch: [
      ...leadTo(version, fn, live),
      ...warm.filter((each) => isUsed(each) && (each !== version || fn.provisioned === 0)).map(cool),
      ...lower(fn, found.reservedMb),
      ...bind(fn.triggers, found.triggers),
      ...prune(version, found),
    ],
  };
};

const assertOurs = ({ deployedName, owner }: WantedFunction, { mark }: FoundFunction): void => {
  if (isOwnedBy(mark, owner)) return;
  const whose = mark ? `belongs to the service ${mark.service}, stage ${mark.stage}` : 'was not deployed from here';
  throw new Error(`${deployedName} is there already and ${whose}: rename or remove it, or choose another stage.`);
};

type Published = Pick<FoundVersion, 'version' | 'status' | 'mark'>;

/**
 * The version that holds what is wanted: the live one, or one to go on to from it, which a killed deployment has published
 * or which was rolled back from; that is the last of what was set up here. Of a function whose code is claimed still none
 * can be trusted: two may have been at work.
 */
const findPublished = (
  { release }: WantedFunction,
  { mark, live, versions }: FoundFunction,
  deployment: string | undefined,
): Published | undefined => {
  if (mark && isClaim(mark.code)) return undefined;
  if (live?.mark?.release === release) return { version: live.version, status: 'Active' };
  // Led to $LATEST by somebody else, callers were at none before.
  const follows = ({ after }: VersionMark) => (live && !isNumber(live.version)) || after === versionBehind(live);
  const isNext = (said: VersionMark) =>
    mark?.release === release && follows(said) && [undefined, said.deployment].includes(deployment);
  return versions.find(
    ({ version, status, mark: said }) =>
      said?.release === release && !isFailed(status) && (version === live?.version || isNext(said)),
  );
};

/** What a version that is published now can be left for again. */
const versionBehind = (live: FoundAlias | undefined): string =>
  live && isNumber(live.version) ? live.version : 'none';

/** Code in the middle: before it the description says that it is being replaced, after it what it is. */
const update = (fn: WantedFunction, { status, mark, configuration }: FoundFunction): Step[] => {
  const changes = differences(configuration, fn.configuration);
  if (mark?.code !== fn.code || isFailed(status))
    return [{ do: 'claim', changes }, { do: 'upload' }, { do: 'configure', changes: [] }];
  return changes.length > 0 || mark.release !== fn.release ? [{ do: 'configure', changes }] : [];
};

const publish = (published: Published | undefined, live: FoundAlias | undefined): Step[] => {
  if (!published) return [{ do: 'publish', after: versionBehind(live) }];
  return published.status === 'Active' ? [] : [{ do: 'await', version: published.version }];
};

const leadTo = (version: string | undefined, { release }: WantedFunction, live: FoundAlias | undefined): Step[] => {
  if (live && live.version === version && !live.isShared) return [];
  const from = live && { from: live.version };
  return [{ do: 'switch', ...(version !== undefined && { version }), ...from, mark: { release } }];
};

/** Two versions have instances while callers are led from one to the other, so what is less comes last. */
const raise = ({ reservedMb }: WantedFunction, foundMb: number): Step[] =>
  reservedMb > foundMb ? [{ do: 'reserve', megabytes: reservedMb }] : [];

const lower = ({ reservedMb }: WantedFunction, foundMb: number): Step[] =>
  reservedMb < foundMb ? [{ do: 'reserve', megabytes: reservedMb }] : [];

type Provisioned = FoundFunction['provisioned'];

const warmUp = ({ provisioned }: WantedFunction, version: string | undefined, found: Provisioned): Step[] => {
  const isWarm = provisioned === 0 || (version !== undefined && found[version] === provisioned);
  return isWarm ? [] : [{ do: 'provision', ...(version !== undefined && { version }), instances: provisioned }];
};

/** Keeps no instance of a version warm any longer. */
export const cool = (version: string) => ({ do: 'provision', version, instances: 0 }) as const;

/** A function may have 1000 versions. Source: https://cloud.tencent.com/document/product/583/11637 */
const keptVersions = 10;

/** Of what we have published, the oldest go, unless callers are led there or may yet be led back. */
const prune = (wanted: string | undefined, { live, versions }: FoundFunction): Step[] => {
  const before = versions.find(({ version }) => version === live?.version)?.mark?.after;
  return versions
    .slice(keptVersions)
    .filter(({ version, mark }) => mark && ![wanted, live?.version, before].includes(version))
    .map(({ version }) => ({ do: 'prune', version }));
};

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

/** What one step does, for people. */
export const describeStep = (step: Step): string => {
  switch (step.do) {
    case 'delete':
      return 'delete what could not be created';
    case 'create':
      return 'create';
    case 'claim':
      return describeChanges(step.changes) || 'note that the code is being replaced';
    case 'configure':
      return describeChanges(step.changes) || 'note what the code is';
    case 'upload':
      return 'upload the code';
    case 'publish':
      return 'publish a version';
    case 'await':
      return `wait for ${nameOf(step.version)}`;
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
    case 'prune':
      return `delete the old ${nameOf(step.version)}`;
  }
};

const describeChanges = (changes: readonly string[]): string =>
  changes.length > 0 ? `configure: ${changes.join(', ')}` : '';

const nameOf = (version: string | undefined) => (version === undefined ? 'the new version' : `version ${version}`);

const describeTrigger = ({ type, description }: WantedTrigger): string =>
  type === 'http' ? 'function URL' : `timer ${description}`;

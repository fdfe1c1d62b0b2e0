/** One service in one stage: what everything that we put into the cloud belongs to. */
export interface Owner {
  service: string;
  stage: string;
}

/** What a function's description says of it. */
export interface Mark extends Owner {
  /** Hash of the code that is in `$LATEST`, or a claim while that is being replaced. */
  code: string;
  /** Hash of code and configuration, as they were last set. */
  release: string;
}

/**
 * Said instead of the code's hash before it is replaced: whoever is killed on the way leaves no wrong hash, and of two at
 * work at once one sees the other's.
 */
export const claimOf = (run: string): string => `unknown${run}`;

export const isClaim = (code: string): boolean => code.startsWith('unknown');

/**
 * A function's description: its text, and after it the mark. A description takes letters, digits, spaces, commas and full
 * stops, up to 1000. Source: https://cloud.tencent.com/document/api/583/18586
 */
export const writeMark = (text: string, { service, stage, code, release }: Mark): string =>
  [
    plainText(text),
    `Deployed by serverless, service ${dotted(service)}, stage ${dotted(stage)}, code ${code}, release ${release}`,
  ]
    .filter(Boolean)
    .join('. ');

const markPattern =
  /^(?:(.*)\. )?Deployed by serverless, service ([\w.]+), stage ([\w.]+), code (\w+), release (\w+)$/s;

/** Takes a description apart. One without a mark is not of our making. */
export const readMark = (description: string): { text: string; mark?: Mark } => {
  const [, text = '', service, stage, code, release] = markPattern.exec(description) ?? [];
  if (service === undefined || stage === undefined || code === undefined || release === undefined)
    return { text: description };
  return { text, mark: { service: hyphened(service), stage: hyphened(stage), code, release } };
};

export const isOwnedBy = (mark: Owner | undefined, { service, stage }: Owner): boolean =>
  mark?.service === service && mark.stage === stage;

/** The text of a description without what the cloud does not take. */
export const plainText = (text: string): string =>
  text
    .replace(/['’]/g, '')
    .replace(/[^\p{Script=Han}A-Za-z0-9,.]+/gu, ' ')
    .trim()
    .slice(0, 700);

/** Names have hyphens, descriptions must not; names have no full stops. */
const dotted = (name: string) => name.replaceAll('-', '.');
const hyphened = (name: string) => name.replaceAll('.', '-');

/** What a published version says of itself. */
export interface VersionMark {
  /** Hash of its code and configuration. */
  release: string;
  /** Hash of all that was deployed together with it. */
  deployment: string;
  /** The version that was live before it, or `none`. */
  after: string;
}

export const writeVersionMark = ({ release, deployment, after }: VersionMark): string =>
  `release ${release}, deployment ${deployment}, after ${after}`;

export const readVersionMark = (description: string): VersionMark | undefined => {
  const [, release, deployment, after] = /^release (\w+), deployment (\w+), after (\w+)$/.exec(description) ?? [];
  return release !== undefined && deployment !== undefined && after !== undefined
    ? { release, deployment, after }
    : undefined;
};

/** What the alias says of where it leads. */
export interface AliasMark {
  /** That of its version, which saves a look at the versions. */
  release: string;
  /** The deployment that was rolled back, when that is how it came to lead there. */
  left?: string;
}

export const writeAliasMark = (version: string, { release, left }: AliasMark): string =>
  `version ${version}, release ${release}${left === undefined ? '' : `, left ${left}`}`;

/** `undefined` also when somebody else has moved the alias since. */
export const readAliasMark = (description: string, version: string): AliasMark | undefined => {
  const [, named, release, left] = /^version (\w+), release (\w+)(?:, left (\w+))?$/.exec(description) ?? [];
  return named === version && release !== undefined ? { release, ...(left !== undefined && { left }) } : undefined;
};

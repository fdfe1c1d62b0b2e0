/** One service in one stage: what everything that we put into the cloud belongs to. */
export interface Owner {
  service: string;
  stage: string;
}

/** What a function's description says of it. */
export interface Mark extends Owner {
  /** Hash of the code that is in `$LATEST`, or `unknown` while that is being replaced. */
  code: string;
}

/** Said before code is replaced, so that whoever is killed on the way leaves no wrong hash. */
export const unknownCode = 'unknown';

/**
 * A function's description: its text, and after it the mark. A description takes letters, digits, spaces, commas and full
 * stops, up to 1000. Source: https://cloud.tencent.com/document/api/583/18586
 */
export const writeMark = (text: string, { service, stage, code }: Mark): string =>
  [plainText(text), `Deployed by serverless, service ${dotted(service)}, stage ${dotted(stage)}, code ${code}`]
    .filter(Boolean)
    .join('. ');

const markPattern = /^(?:(.*)\. )?Deployed by serverless, service ([\w.]+), stage ([\w.]+), code (\w+)$/s;

/** Takes a description apart. One without a mark is not of our making. */
export const readMark = (description: string): { text: string; mark?: Mark } => {
  const [, text = '', service, stage, code] = markPattern.exec(description) ?? [];
  if (service === undefined || stage === undefined || code === undefined) return { text: description };
  return { text, mark: { service: hyphened(service), stage: hyphened(stage), code } };
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

/** The alias repeats the release of its version, which saves a look at the versions. */
export const writeAliasMark = (version: string, release: string): string => `version ${version}, release ${release}`;

/** `undefined` also when somebody else has moved the alias since. */
export const readAliasMark = (description: string, version: string): string | undefined =>
  /^version (\w+), release (\w+)$/.exec(description)?.[1] === version ? description.replace(/^.* /, '') : undefined;

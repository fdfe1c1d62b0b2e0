import type { Utils } from '../framework.ts';
import { secretVariables } from '../secret-variables.ts';
import { callbackTokenCheck } from './callback-token.ts';
import { clockCheck } from './clock.ts';
import { bucketCheck, corsCheck } from './cos.ts';
import { assumeCosRole, cosRoleCheck } from './cos-role.ts';
import { credentialsCheck, executionRoleCheck } from './credentials.ts';
import { databaseCheck } from './database.ts';
import { environmentCheck } from './environment.ts';
import { type Check, type Finding, wrong } from './finding.ts';
import { imCheck, roomPermissionCheck } from './im.ts';
import type { Patient } from './patient.ts';

/**
 * Looks at everything that a stage needs to run, all at a time, and tells of each in a line, with what to do about it, once
 * it is known. Changes nothing. Answers the exit code: 1 when something is wrong.
 */
export const diagnose = async (patient: Patient, { writeText }: Pick<Utils, 'writeText'>): Promise<number> => {
  const assumed = assumeCosRole(patient);
  const checks: readonly Check[] = [
    environmentCheck(patient),
    clockCheck(patient),
    credentialsCheck(patient),
    executionRoleCheck(patient),
    cosRoleCheck(patient, assumed),
    databaseCheck(patient),
    imCheck(patient),
    callbackTokenCheck(patient),
    roomPermissionCheck,
    bucketCheck(patient, assumed),
    corsCheck(patient),
  ];
  let exitCode = 0;
  for await (const { name, findings } of checks.map(examine))
    for (const finding of findings) {
      writeText(withoutSecrets(describe(name, finding), patient));
      if (finding.verdict === 'wrong') exitCode = 1;
    }
  return exitCode;
};

/** Never rejects: what keeps us from one thing is no reason to be silent about the others. */
const examine = async ({ name, look }: Check): Promise<{ name: string; findings: readonly Finding[] }> => {
  try {
    return { name, findings: [await look()].flat() };
  } catch (error) {
    return { name, findings: [wrong(`could not be looked at: ${(error as Error).message}`, 'mend that first')] };
  }
};

const marks: Readonly<Record<Finding['verdict'], string>> = { ok: 'ok', wrong: 'WRONG', 'cannot be checked': '?' };

const describe = (name: string, finding: Finding): string =>
  [
    marks[finding.verdict].padEnd(5),
    `${name}: ${finding.says}`,
    ...('fix' in finding ? [`→ ${finding.fix}`] : []),
  ].join(' ');

/** A service may quote what it was sent. */
const withoutSecrets = (line: string, { env }: Patient): string =>
  secretVariables
    .flatMap((name) => env[name]?.split(',') ?? [])
    .filter((value) => value.length >= 4)
    .reduce((text, value) => text.replaceAll(value, '«…»'), line);

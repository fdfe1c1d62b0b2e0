import type { Utils } from '../framework.ts';
import { secretVariables } from '../secret-variables.ts';
import { clockCheck } from './clock.ts';
import { bucketCheck, corsCheck } from './cos.ts';
import { credentialsCheck, roleCheck } from './credentials.ts';
import { databaseCheck } from './database.ts';
import { environmentCheck } from './environment.ts';
import type { Check, Finding } from './finding.ts';
import { callbackTokenCheck, imCheck, roomPermissionCheck } from './im.ts';
import type { Patient } from './patient.ts';

/**
 * Looks at everything that a stage needs to run, and tells of each in a line, with what to do about it. Changes nothing.
 * Answers the exit code: 1 when something is wrong.
 */
export const diagnose = async (patient: Patient, { writeText }: Pick<Utils, 'writeText'>): Promise<number> => {
  const checks: readonly Check[] = [
    environmentCheck(patient),
    clockCheck(patient),
    credentialsCheck(patient),
    roleCheck(patient),
    databaseCheck(patient),
    imCheck(patient),
    callbackTokenCheck(patient),
    roomPermissionCheck,
    bucketCheck(patient),
    corsCheck(patient),
  ];
  const found = await Promise.all(checks.map(async (check) => ({ check, findings: [await check.look()].flat() })));
  writeText(
    found
      .flatMap(({ check, findings }) => findings.map((finding) => withoutSecrets(describe(check, finding), patient)))
      .join('\n'),
  );
  return found.some(({ findings }) => findings.some(({ verdict }) => verdict === 'wrong')) ? 1 : 0;
};

const marks: Readonly<Record<Finding['verdict'], string>> = { ok: 'ok', wrong: 'WRONG', 'cannot be checked': '?' };

const describe = ({ name }: Check, finding: Finding): string =>
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

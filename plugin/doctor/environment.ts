import { findProblems } from '../deploy/environment.ts';
import { type Check, ok, wrong } from './finding.ts';
import type { Patient } from './patient.ts';

/** What every function would say at its cold start: names, and no value. */
export const environmentCheck = ({ functions, env, stage, role }: Patient): Check => ({
  name: 'environment',
  async look() {
    const problems = findProblems(functions, env, role !== undefined);
    if (problems.length === 0) return ok(`${functions.length} functions have all variables that they need`);
    return problems.map((problem) => wrong(problem, `mend it in the environment or in .env.${stage}`));
  },
});

import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectory } from './support/directory.ts';
import { projectDir } from './support/run.ts';

const exec = promisify(execFile);
const depcruise = join(projectDir, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };

interface Report {
  totalCruised: number;
  violations: { from: string; rule: { name: string } }[];
}

const cruise = async (cwd: string): Promise<Report> => {
  const args = [depcruise, '--output-type', 'json', 'functions', 'lib', 'plugin', 'local', 'client', 'serverless.ts'];
  // It ends with the number of violations.
  const { stdout } = await exec(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: { stdout: string }) => error,
  );
  return JSON.parse(stdout).summary;
};

/** A violation of each rule: the file that is planted, and what it imports. */
const violations: Record<string, [file: string, imported: string]> = {
  'function-is-independent': ['functions/a/index.ts', '../b/index.ts'],
  'lib-knows-nothing-above': ['lib/im/client.ts', '../../local/cloud.ts'],
  'pure-stays-pure': ['lib/usersig/signer.ts', '../im/client.ts'],
  'clients-know-no-domain': ['lib/im/client.ts', '../classroom/class.ts'],
  'domain-knows-no-platform': ['lib/classroom/class.ts', '../scf/reply.ts'],
  'scf-is-a-thin-chain': ['lib/scf/reply.ts', '../im/client.ts'],
  'auth-is-thin': ['lib/auth/caller.ts', '../im/client.ts'],
  'middy-in-scf-only': ['lib/im/client.ts', '@middy/core'],
  'local-knows-no-plugin': ['local/cloud.ts', '../plugin/tencent.ts'],
  'page-is-a-client': ['local/page/app/main.ts', '../../../lib/errors.ts'],
  'client-stands-alone': ['client/classroom.ts', '../lib/errors.ts'],
  'no-cycles': ['lib/errors.ts', './log.ts'],
  'shipped-code-has-no-dev-dependencies': ['lib/im/client.ts', 'ws'],
  resolvable: ['lib/im/client.ts', './nowhere.ts'],
};

/** A tree of the same shape with nothing wrong in it. */
const clean: Record<string, string> = {
  'serverless.ts': "import './plugin/tencent.ts';\n",
  'plugin/tencent.ts': "import '../local/cloud.ts';\n",
  'client/classroom.ts': "import './openapi.ts';\n",
  'client/openapi.ts': 'export const openapi = 1;\n',
  'local/cloud.ts': "import '../lib/im/client.ts';\n",
  'local/page/app/main.ts': "import '../../../client/classroom.ts';\n",
  'functions/a/index.ts': "import '../../lib/scf/reply.ts';\n",
  'functions/b/index.ts': "import '../../lib/classroom/class.ts';\n",
  'lib/errors.ts': 'export const errors = 1;\n',
  'lib/log.ts': "import './errors.ts';\n",
  'lib/usersig/signer.ts': "import '../errors.ts';\n",
  'lib/im/client.ts': "import '../usersig/signer.ts';\n",
  'lib/auth/caller.ts': "import '../errors.ts';\n",
  'lib/scf/reply.ts': "import '@middy/core';\nimport '../auth/caller.ts';\n",
  'lib/classroom/class.ts': "import '../im/client.ts';\n",
};

describe('the import rules', () => {
  let tree: string;
  let kept: Report;
  let broken: Report;

  beforeAll(async () => {
    tree = makeDirectory();
    for (const name of ['node_modules', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      symlinkSync(join(projectDir, name), join(tree, name));
    }
    for (const [file, text] of Object.entries(clean)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    kept = await cruise(tree);
    for (const [file, imported] of Object.values(violations))
      appendFileSync(join(tree, file), `import '${imported}';\n`);
    broken = await cruise(tree);
  });

  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('hold in this project, all of whose modules are seen', async () => {
    const { totalCruised, violations: found } = await cruise(projectDir);

    expect(found).toEqual([]);
    expect(totalCruised).toBeGreaterThan(150);
  });

  it('find nothing in a tree that keeps them', () => {
    expect(kept.violations).toEqual([]);
    expect(kept.totalCruised).toBeGreaterThanOrEqual(Object.keys(clean).length);
  });

  it.each(forbidden.map(({ name }) => name))('%s fires on the import that breaks it', (rule) => {
    const planted = violations[rule]?.[0];

    const files = broken.violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);

    expect(files).toContain(planted);
  });
});

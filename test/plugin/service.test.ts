import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { localEnvironment } from '../../local/environment.ts';
import { loadFunction } from '../../local/runtime.ts';
import service from '../../serverless.ts';
import { functions } from '../support/local-cloud.ts';
import { projectDir } from '../support/run.ts';

const names = Object.keys(service.functions);
const settingNames = new Set(functions.flatMap((fn) => fn.environment));

/** What the local cloud would set, with nothing listening there: loading a function calls nobody. */
const localValues = localEnvironment(
  {},
  {
    imSecretKey: 'k',
    imCallbackToken: 't',
    trtcCallbackKey: 'k',
    cloudSecretId: 'AKID',
    cloudSecretKey: 'k',
    jwtSecret: 'a secret of at least thirty-two bytes',
    databasePassword: 'p',
    temporaryKeysSecret: 's',
  },
  { cloud: 'http://127.0.0.1:1', cos: 'http://127.0.0.1:1', databaseUrl: 'postgres://u:p@127.0.0.1:1/d' },
);

/** The variables that a bundle asks for while it loads. */
const namesRead = (file: string, code: string): Set<string> => {
  const read = new Set<string>();
  const env = new Proxy(localValues, {
    get(values, name) {
      if (typeof name === 'string') read.add(name);
      return Reflect.get(values, name);
    },
  });
  compileFunction(code, ['exports', 'require', 'module', 'process'], { filename: file })(
    {},
    createRequire(file),
    { exports: {} },
    Object.create(process, { env: { value: env } }),
  );
  return read;
};

describe('serverless.ts', () => {
  it('declares every folder of functions/, and nothing else', () => {
    expect([...names].sort()).toEqual(readdirSync(join(projectDir, 'functions')).sort());
  });

  it.each(names)('gives %s its own folder, and its own path or a timer', (name) => {
    const fn = service.functions[name];
    expect(fn?.handler).toBe(`functions/${name}/index.main`);
    expect(fn?.events).toEqual(
      name === 'sweep' ? [{ timer: { cron: '0 * * * * * *' } }] : [{ http: { path: `/${name}` } }],
    );
  });

  it.each(names)('has an example event of %s, with no token in it', (name) => {
    const file = join(projectDir, `test/fixtures/events/${name}.json`);
    expect(existsSync(file)).toBe(true);
    const event = JSON.parse(readFileSync(file, 'utf8'));
    expect(name === 'sweep' ? event.Type : event.path).toBe(name === 'sweep' ? 'Timer' : `/${name}`);
    expect(Object.keys(event.headers ?? {}).map((header) => header.toLowerCase())).not.toContain('authorization');
  });

  it('has no example event of a function that is not there', () => {
    expect(readdirSync(join(projectDir, 'test/fixtures/events')).sort()).toEqual(
      names.map((name) => `${name}.json`).sort(),
    );
  });

  it('declares no variable that only the platform may set', () => {
    expect([...settingNames].filter((name) => /^(TENCENTCLOUD|SCF|QCLOUD)_/.test(name))).toEqual([]);
  });

  it('gives no COS setting to im-callback, and no database to issue-sig', () => {
    const environmentOf = (name: string) => functions.find((fn) => fn.name === name)?.environment ?? [];
    expect(environmentOf('im-callback').filter((name) => name.startsWith('COS_'))).toEqual([]);
    expect(environmentOf('issue-sig')).not.toContain('DATABASE_URL');
  });
});

describe.each(functions)('$name', ({ bundle, ...rest }) => {
  let bundled: ReturnType<typeof bundle> | undefined;
  const fn = {
    ...rest,
    bundle() {
      bundled ??= bundle();
      return bundled;
    },
  };

  it('loads with the variables that it declares and no others', async () => {
    await expect(loadFunction(fn, localValues, console)).resolves.toBeTypeOf('function');
  });

  it('reads every variable that it declares, and no setting that it does not', async () => {
    const { file, code } = await fn.bundle();
    const read = [...namesRead(file, code)].filter((name) => settingNames.has(name));
    expect(read.sort()).toEqual([...new Set(fn.environment)].sort());
  });

  it('refuses an environment without what it needs in one message that names what is missing', async () => {
    // Otherwise edit-dirty-words needs nothing of IM's.
    const message = await loadFunction(fn, { IM_DIRTY_WORDS_SYNC: 'legacy' }, console).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/^Bad environment:\n/);
    for (const name of fn.environment.filter((each) => ['IM_SDK_APP_ID', 'DATABASE_URL', 'COS_BUCKET'].includes(each)))
      expect(message).toContain(`${name} is missing`);
  });
});

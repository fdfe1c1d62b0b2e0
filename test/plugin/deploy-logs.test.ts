import { describe, expect, it, vi } from 'vitest';
import { describeLine, logs } from '../../plugin/deploy/logs.ts';
import { type Change, deploySmall, describeDeployment, invokeSmall } from '../support/deployment.ts';
import { startTestCloud } from '../support/local-cloud.ts';

vi.setConfig({ testTimeout: 60_000 });

const cloud = await startTestCloud({ functions: [], scfSettings: { settleMs: 3 } });

/** `hello` prints a line, and one that is JSON. */
const stage = 'told';
const source = `exports.main = async (event) => {
  console.log('greeting', 'somebody');
  console.log(JSON.stringify({ event: 'greeted', ms: 3 }));
  return { sig: 'what nobody may see in a log' };
};`;
await deploySmall(cloud, cloud.cloud, { stage, source });

/** What `logs` has written, one text for each line; with `tail` until it has looked so often, after something was done each time. */
const readLogs = async (options: Change['options'] = {}, between: (() => Promise<unknown>)[] = []) => {
  const described = await describeDeployment(cloud, cloud.cloud, { stage, options: { function: 'hello', ...options } });
  const rest = [...between];
  const sleep = async () => {
    const next = rest.shift();
    if (!next) throw new Error('interrupted');
    await next();
  };
  await (options.tail ? expect(logs({ ...described, sleep })).rejects.toThrow('interrupted') : logs(described));
  return described.written().split('\n').filter(Boolean);
};
const greet = () => invokeSmall(cloud, stage);

describe('logs', () => {
  it('shows what the function wrote, and of SCF nothing: it writes down every reply', async () => {
    await greet();
    const lines = await readLogs();
    expect(lines).toEqual([
      expect.stringMatching(/^\S+Z {2}\S{36} {2}greeting somebody$/),
      expect.stringMatching(/"event":"greeted"/),
    ]);
    const all = await readLogs({ platform: true });
    expect(all.length).toBeGreaterThan(lines.length);
    expect(all.join('\n')).toMatch(/START RequestId/);
  });

  it('finds a text in lines and in fields', async () => {
    expect(await readLogs({ filter: 'greeting some' })).toHaveLength(1);
    expect(await readLogs({ filter: 'greeted' })).toHaveLength(1);
    expect(await readLogs({ filter: 'nothing like it' })).toEqual([]);
  });

  it('says when there is nothing', async () => {
    const options = { function: 'tick', startTime: '2h' };
    const described = await describeDeployment(cloud, cloud.cloud, { stage, options });
    await logs(described);
    expect(described.written()).toBe('');
    expect(described.noticed()).toBe(`small-${stage}-tick has written nothing since then (--startTime 2h).`);
  });

  it('goes on with --tail, and shows no line twice', async () => {
    const lines = await readLogs({ tail: true }, [greet, async () => {}, greet]);
    expect(lines).toHaveLength(6);
    expect(new Set(lines).size).toBe(6);
  });

  it('shows the JSON of what SCF has made fields of', () => {
    const fields = { SCF_RequestId: 'r', SCF_Type: 'Custom', event: 'greeted', ms: 3 };
    expect(describeLine(0, fields)).toBe('1970-01-01T00:00:00.000Z  r  {"event":"greeted","ms":3}');
  });
});

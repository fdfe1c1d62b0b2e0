import { describe, expect, it } from 'vitest';
import { invoke } from '../../lib/calls.ts';
import { AppError } from '../../lib/errors.ts';
import { createLog, describeError, describeFailure, type LogLevel, logLevels } from '../../lib/log.ts';

const setUp = (level: LogLevel) => {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line), clock: () => 1_767_225_600_123 });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') };
};

describe('a log', () => {
  it('writes one JSON object a line, with the time in UTC', () => {
    const { log, lines, last } = setUp('info');
    log.info('invocation', { requestId: 'r1', userId: 'line\nend', ms: 12, status: 200 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    expect(last()).toEqual({
      time: '2026-01-01T00:00:00.123Z',
      level: 'info',
      event: 'invocation',
      requestId: 'r1',
      userId: 'line\nend',
      ms: 12,
      status: 200,
    });
  });

  it.each(logLevels)('at level %s writes that level and what is above it', (level) => {
    const { log, lines } = setUp(level);
    for (const each of logLevels) log[each]('event');
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(logLevels.slice(logLevels.indexOf(level)));
  });

  it('writes what is counted at any level', () => {
    const { log, lines } = setUp('error');
    const counted = ['invocation', 'repair due', 'repair failed', 'repair given up', 'repair'];
    for (const event of [...counted, 'repairs of another kind']) log.info(event);
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(counted);
  });

  it('names the invocation that a line is written in', async () => {
    const { log, lines } = setUp('info');
    const invocation = { requestId: 'r1', function: 'f', clock: () => 0, calls: [] };
    await invoke(invocation, async () => log.info('event'));
    log.info('event');
    const line = { time: expect.any(String), level: 'info', event: 'event' };
    expect(lines.map((each) => JSON.parse(each))).toEqual([{ ...line, requestId: 'r1', function: 'f' }, line]);
  });

  it('drops fields that are not on its list, and those without a value', () => {
    const { log, last } = setUp('info');
    log.info('event', { code: 'X', userId: undefined, userSig: 'eJx', authorization: 'Bearer x' } as object);
    expect(Object.keys(last())).toEqual(['time', 'level', 'event', 'code']);
  });

  it('cuts the query off every address, since sigs travel there', () => {
    const { log, last } = setUp('info');
    const url = 'https://console.tim.qq.com/v4/x/y?usersig=eJx&random=1';
    log.error('event', { error: `no reply from ${url}, nor from ${url}`, cause: `"${url}"`, target: `${url}#part` });
    expect(last()).toMatchObject({
      error: 'no reply from https://console.tim.qq.com/v4/x/y nor from https://console.tim.qq.com/v4/x/y',
      cause: '"https://console.tim.qq.com/v4/x/y"',
      target: 'https://console.tim.qq.com/v4/x/y',
    });
  });

  it('cuts the user and the password off every address', () => {
    const { log, last } = setUp('info');
    const error = 'no answer from postgres://user:p%40ss@db.example.com/class, nor from https://a.example.com/b@c';
    log.error('event', { error: error.replace('p%40ss', 'p@ss') });
    expect(last().error).toBe('no answer from postgres://db.example.com/class, nor from https://a.example.com/b@c');
  });

  it('cuts them off in lists and objects, too', () => {
    const { log, last } = setUp('info');
    log.info('event', { im: { codes: ['https://a.example.com?usersig=eJx', 7] } });
    expect(last().im).toEqual({ codes: ['https://a.example.com', 7] });
  });
});

describe('describeError', () => {
  it('tells the text, the stack and the causes of an error', () => {
    const root = new Error('refused');
    const described = describeError(new TypeError('outer', { cause: new Error('middle', { cause: root }) }));
    expect(described).toEqual({
      error: 'TypeError: outer',
      stack: expect.stringMatching(/^\s+at /),
      cause: 'Error: middle ← Error: refused',
    });
  });

  it('tells the details of a failure of ours', () => {
    const error = new AppError('UPSTREAM_FAILED', 'No.', { details: { vendor: 'im', vendorCode: 10002 } });
    expect(describeError(error)).toMatchObject({ vendor: 'im', vendorCode: 10002, error: 'AppError: No.' });
  });

  it('follows a circle of causes only so far', () => {
    const error = new Error('round');
    error.cause = error;
    expect(String(describeError(error).cause).split(' ← ')).toHaveLength(4);
  });

  it('tells what else was thrown as text', () => {
    expect(describeError('plain')).toEqual({ error: 'plain' });
    expect(describeError(undefined)).toEqual({ error: 'undefined' });
  });
});

describe('describeFailure', () => {
  it('tells our code as the reason, unless the failure has one of its own', () => {
    expect(describeFailure(new AppError('UPSTREAM_FAILED', 'No.'))).toMatchObject({ reason: 'UPSTREAM_FAILED' });
    expect(describeFailure(new Error('boom'))).toMatchObject({ reason: 'exception', error: 'Error: boom' });
    const old = new AppError('UPSTREAM_FAILED', 'No.', { details: { reason: 'old database' } });
    expect(describeFailure(old)).toMatchObject({ reason: 'old database' });
  });
});

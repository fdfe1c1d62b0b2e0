import { describe, expect, it } from 'vitest';
import { AppError } from '../../lib/errors.ts';
import { createLog, describeError, type LogLevel, logLevels } from '../../lib/log.ts';

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
});

describe('describeError', () => {
  it('tells the text, the stack and the causes of an error, without queries', () => {
    const root = new Error('refused by http://127.0.0.1/v4?usersig=eJx');
    const described = describeError(new TypeError('outer', { cause: new Error('middle', { cause: root }) }));
    expect(described).toEqual({
      error: 'TypeError: outer',
      stack: expect.stringMatching(/^\s+at /),
      cause: 'Error: middle ← Error: refused by http://127.0.0.1/v4',
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

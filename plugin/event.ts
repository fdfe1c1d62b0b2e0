import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Environment } from '../local/environment.ts';
import { signLocalToken } from '../local/token.ts';
import type { CliOptions } from './framework.ts';

type Event = Record<string, unknown>;

/** The event that the options name, or standard input; `{}` when there is none. Text that is not JSON is passed as it is. */
export const readEvent = async ({ path, data, raw }: CliOptions, serviceDir: string): Promise<unknown> => {
  const given =
    path !== undefined
      ? readFileSync(resolve(serviceDir, path), 'utf8')
      : (data ?? (process.stdin.isTTY ? '' : await readStandardInput()));
  if (raw) return given;
  if (given.trim() === '') return {};
  try {
    return JSON.parse(given);
  } catch {
    if (path !== undefined) throw new Error(`${path} is not JSON.`);
    return given;
  }
};

/** Somebody who did not mean to type an event is told what is waited for. */
const readStandardInput = async (): Promise<string> => {
  const hint = setTimeout(
    () => console.error('Reading the event from standard input. Use --path or --data for another.'),
    1000,
  );
  try {
    return await text(process.stdin);
  } finally {
    clearTimeout(hint);
  }
};

/** Adds a local token: `teacher:t1` or `teacher:t1:Ms. Li`. Throws an `Error` for anything else. */
export const signIn = async (event: unknown, as: string, env: Environment): Promise<Event> => {
  const [, role, userId, name] = /^(student|teacher|admin):([^:]+)(?::(.+))?$/.exec(as) ?? [];
  if (role === undefined || userId === undefined)
    throw new Error('--as takes role:userId, such as teacher:t1; the role is student, teacher or admin.');
  const { token } = await signLocalToken({ role, userId, name }, env);
  return withHeaders(asEvent(event), { authorization: `Bearer ${token}` });
};

/** Signs a callback as its service would now: IM in the query, TRTC in a header over the body. */
export const signCallback = (given: unknown, env: Environment): Event => {
  const event = asEvent(given);
  if (event.path === '/trtc-callback') {
    const sign = createHmac('sha256', env.TRTC_CALLBACK_KEY ?? '')
      .update(String(event.body ?? ''))
      .digest('base64');
    return withHeaders(event, { sign, sdkappid: env.IM_SDK_APP_ID ?? '' });
  }
  const requestTime = String(Math.floor(Date.now() / 1000));
  const token = env.IM_CALLBACK_TOKEN?.split(',')[0]?.trim() ?? '';
  const sign = createHash('sha256')
    .update(token + requestTime)
    .digest('hex');
  return { ...event, queryString: { ...asEvent(event.queryString ?? {}), Sign: sign, RequestTime: requestTime } };
};

const withHeaders = (event: Event, headers: Record<string, string>): Event => ({
  ...event,
  headers: { ...asEvent(event.headers ?? {}), ...headers },
});

const asEvent = (value: unknown): Event => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('--as and --sign need an event that is a JSON object.');
  return { ...value };
};

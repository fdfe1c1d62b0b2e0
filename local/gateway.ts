import * as z from 'zod/mini';
import type { Environment } from './environment.ts';
import { isFromForeignPage, json, type LocalReply, type LocalRequest } from './http.ts';
import type { Invoke } from './runtime.ts';
import { toUrlEvent } from './scf/url-event.ts';
import { signLocalToken } from './token.ts';

export interface GatewayOptions {
  /** Loads a routed function at its first call; `undefined` when there is none of this name. */
  find(name: string): Promise<Invoke> | undefined;
  env: Environment;
  /** False when the app's own login signs the tokens. */
  mintsTokens: boolean;
  isReady(): boolean;
  /** Asked in this order before the functions are. */
  sites: readonly Site[];
}

/** Pages at the gateway; `undefined` when a request is not for them. */
export type Site = (request: LocalRequest) => Promise<LocalReply | undefined>;

const tokenRequest = z.strictObject({
  userId: z.string().check(z.minLength(1)),
  role: z.enum(['student', 'teacher', 'admin']),
  name: z.optional(z.string()),
});

/** The front door: every function at its path, as a function URL would call it. */
export const createGateway = ({ find, env, mintsTokens, isReady, sites }: GatewayOptions) => {
  const mint = async (request: LocalRequest): Promise<LocalReply> => {
    if (!mintsTokens) return problem(404, 'Tokens come from the login service that the environment names.');
    if (isFromForeignPage(request)) return problem(403, 'Tokens are not for pages of other sites.');
    if (request.method !== 'POST') return problem(405, 'Use POST.');
    const parsed = tokenRequest.safeParse(parseJson(request.body));
    return parsed.success
      ? json(await signLocalToken(parsed.data, env))
      : problem(400, 'Send {"userId", "role": "student" | "teacher" | "admin", "name"?}.');
  };

  return async (request: LocalRequest): Promise<LocalReply> => {
    const { path } = request;
    if (path === '/health') return isReady() ? json({ status: 'ok' }) : json({ status: 'starting' }, 503);
    if (path === '/local/token') return mint(request);
    for (const site of sites) {
      const page = await site(request);
      if (page) return page;
    }
    const loading = find(path.slice(1));
    if (!loading) return problem(404, `There is no function at ${path}.`);
    try {
      const invoke = await loading;
      return toReply(await invoke(toUrlEvent(request, request.path)));
    } catch (error) {
      console.error(error);
      return problem(500, 'The function failed; the terminal says why.');
    }
  };
};

const problem = (status: number, detail: string): LocalReply => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  body: JSON.stringify({ type: 'about:blank', title: 'Local gateway', status, detail }),
});

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The schema of whoever asked refuses it.
    return undefined;
  }
};

/** A result without a status is the body of a 200. Source: https://cloud.tencent.com/document/product/583/96099 */
const toReply = (result: unknown): LocalReply => {
  const reply = result as {
    statusCode?: number;
    headers?: Record<string, string>;
    body?: string;
    isBase64Encoded?: boolean;
  } | null;
  if (typeof reply !== 'object' || reply === null || typeof reply.statusCode !== 'number') return json(result);
  return {
    status: reply.statusCode,
    headers: reply.headers ?? {},
    body: Buffer.from(reply.body ?? '', reply.isBase64Encoded ? 'base64' : 'utf8'),
  };
};

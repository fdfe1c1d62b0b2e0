import { json, type LocalReply, type LocalRequest } from '../http.ts';
import type { ScfContext } from './context.ts';
import { describeFailure } from './failure.ts';
import type { Invoker } from './invoker.ts';
import { findFunction } from './lookup.ts';
import { findEndpoint, findUrl, rewritePath } from './routes.ts';
import type { ScfFunction } from './state.ts';
import { toUrlEvent, toUrlReply } from './url-event.ts';

/**
 * Function URLs and custom domains on the cloud port, where no name but loopback's is served: `/scf/url/<id>/<path>` and
 * `/scf/domain/<domain>/<path>`; and kept code at `/scf/code/<sha256>.zip`. A function sees the path behind.
 */
export const createFront = ({ state, codes }: ScfContext, invoker: Invoker) => {
  const call = async (request: LocalRequest, fn: ScfFunction, qualifier: string, path: string): Promise<LocalReply> => {
    const event = JSON.stringify(toUrlEvent(request, path));
    const call = { fn, qualifier, event, source: 'http', isAwaited: true } as const;
    const { requestId, result, failure } = await invoker.begin(call).ended;
    const headers = { 'x-scf-request-id': requestId };
    if (failure) {
      const body = describeFailure(failure, requestId);
      return { status: failure.statusCode, headers: { ...headers, 'content-type': 'application/json' }, body };
    }
    const reply = toUrlReply(result);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  };

  const callUrl = async (request: LocalRequest, urlId: string, path: string): Promise<LocalReply> => {
    const { fn, trigger } = findUrl(state, urlId) ?? {};
    if (!fn || !trigger?.isOpen || !JSON.parse(trigger.TriggerDesc).NetConfig.EnableExtranet) return nothing;
    return call(request, fn, trigger.Qualifier, path);
  };

  const callDomain = async (request: LocalRequest, name: string, path: string): Promise<LocalReply> => {
    const domain = state.domains.find(({ Domain }) => Domain === name);
    const endpoint = domain && findEndpoint(domain, path);
    const fn = endpoint && findFunction(state, domain.region, endpoint);
    return fn ? call(request, fn, endpoint.Qualifier, rewritePath(endpoint, path)) : nothing;
  };

  const sendCode = async (name: string): Promise<LocalReply> => {
    const sha256 = /^([0-9a-f]{64})\.zip$/.exec(name)?.[1];
    const isKept = state.functions.some(({ versions }) => versions.some(({ code }) => code.sha256 === sha256));
    if (!sha256 || !isKept) return nothing;
    return { status: 200, headers: { 'content-type': 'application/zip' }, body: await codes.read(sha256) };
  };

  return async (request: LocalRequest): Promise<LocalReply> => {
    const [, kind, name = '', path = '/'] = /^\/scf\/(\w+)\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    if (kind === 'url') return callUrl(request, name, path);
    if (kind === 'domain') return callDomain(request, name, path);
    if (kind === 'code') return sendCode(name);
    return nothing;
  };
};

const nothing = json({ errorCode: -1, errorMessage: 'There is nothing at this address.', statusCode: 404 }, 404);

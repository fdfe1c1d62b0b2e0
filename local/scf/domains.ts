import * as z from 'zod/mini';
import { TencentApiError } from '../api/action.ts';
import { type ScfActions, scfAction } from './action.ts';
import type { ScfContext } from './context.ts';
import { requireFunction, resolveQualifier } from './lookup.ts';
import { pageInput, pageOf } from './page.ts';
import { type CustomDomain, type Endpoint, endpointSchema, tagSchema } from './state.ts';

// Neither the SDK nor the documents name codes for domains. That of a CNAME is what deployers have met; the others are general.

const domainName = z.string().check(z.regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/));
const protocol = z.enum(['HTTP', 'HTTPS', 'HTTP&HTTPS']);
/** `/`, `/*`, `/xxx`, `/xxx/a` or `/xxx/*`. */
const pathMatch = z.string().check(z.regex(/^\/(([\w.~-]+\/)*([\w.~-]+|\*))?$/));

const settings = {
  EndpointsConfig: z.array(z.extend(endpointSchema, { PathMatch: pathMatch })).check(z.minLength(1)),
  CertConfig: z.optional(z.strictObject({ CertificateId: z.optional(z.string()) })),
  WafConfig: z.optional(z.strictObject({ WafOpen: z.literal('CLOSE'), WafInstanceId: z.optional(z.string()) })),
};

const createInput = z.strictObject({
  ...settings,
  Domain: domainName,
  Protocol: protocol,
  Tags: z._default(z.array(tagSchema), []),
});
const updateInput = z.strictObject({
  ...settings,
  Domain: z.string(),
  Protocol: z.optional(protocol),
  EndpointsConfig: z.optional(settings.EndpointsConfig),
});
const nameInput = z.strictObject({ Domain: z.string() });
const listInput = z.strictObject({
  OrderBy: z.optional(z.enum(['AddTime', 'ModTime'])),
  Order: z._default(z.enum(['ASC', 'DESC']), 'DESC'),
  ...pageInput,
});

/** What binds domains to functions, path by path. Source: https://cloud.tencent.com/document/api/583/111926 */
export const createDomainActions = ({ state, settings: { foreignDomains, cnames } }: ScfContext): ScfActions => {
  const require = (region: string, name: string): CustomDomain => {
    const domain = state.domains.find((each) => each.region === region && each.Domain === name);
    if (!domain) throw new TencentApiError('ResourceNotFound', `The domain ${name} is not bound.`);
    return domain;
  };

  const assertEndpoints = (region: string, endpoints: readonly Endpoint[]) => {
    for (const endpoint of endpoints) resolveQualifier(requireFunction(state, region, endpoint), endpoint.Qualifier);
    if (new Set(endpoints.map(({ PathMatch }) => PathMatch)).size < endpoints.length)
      throw new TencentApiError('InvalidParameterValue', 'Two endpoints have the same PathMatch.');
  };

  return {
    CreateCustomDomain: scfAction(createInput, (input, region) => {
      if (foreignDomains.includes(input.Domain))
        throw new TencentApiError('ResourceInUse', `The domain ${input.Domain} is bound by another account.`);
      if (state.domains.some(({ Domain }) => Domain === input.Domain))
        throw new TencentApiError('ResourceInUse', `The domain ${input.Domain} is bound already.`);
      if (cnames && !cnames.includes(input.Domain))
        throw new TencentApiError('FailedOperation.CNAME', `${input.Domain} must have a CNAME record first.`);
      assertEndpoints(region, input.EndpointsConfig);
      const { Domain, Protocol, EndpointsConfig, Tags } = input;
      const certificate = requireCertificate(Protocol, input.CertConfig);
      state.domains.push({ region, Domain, Protocol, EndpointsConfig, Tags, ...certificate });
      return {};
    }),

    UpdateCustomDomain: scfAction(updateInput, (input, region) => {
      const domain = require(region, input.Domain);
      const { Protocol = domain.Protocol, EndpointsConfig = domain.EndpointsConfig } = input;
      assertEndpoints(region, EndpointsConfig);
      const certificate = requireCertificate(Protocol, input.CertConfig ?? domain.CertConfig);
      const { CertConfig: _, ...kept } = domain;
      state.domains.splice(state.domains.indexOf(domain), 1, { ...kept, Protocol, EndpointsConfig, ...certificate });
      return {};
    }),

    GetCustomDomain: scfAction(nameInput, (input, region) => describeDomain(require(region, input.Domain))),

    ListCustomDomains: scfAction(listInput, (input, region) => {
      const found = state.domains.filter((domain) => domain.region === region);
      if (input.Order === 'DESC') found.reverse();
      const page = pageOf(found, input).map(describeDomain);
      return { Total: found.length, Domains: page.length > 0 ? page : null };
    }),

    DeleteCustomDomain: scfAction(nameInput, (input, region) => {
      state.domains.splice(state.domains.indexOf(require(region, input.Domain)), 1);
      return {};
    }),
  };
};

/** HTTPS wants one, and HTTP has none. */
const requireCertificate = (
  protocol: string,
  config: { CertificateId?: string | undefined } | undefined,
): Pick<CustomDomain, 'CertConfig'> => {
  const { CertificateId } = config ?? {};
  if (protocol === 'HTTP') return {};
  if (!CertificateId) throw new TencentApiError('InvalidParameterValue', 'HTTPS needs CertConfig.CertificateId.');
  return { CertConfig: { CertificateId } };
};

const describeDomain = ({ region: _, EndpointsConfig, ...domain }: CustomDomain) => ({
  CertConfig: { CertificateId: '' },
  WafConfig: { WafOpen: 'CLOSE', WafInstanceId: '' },
  ...domain,
  EndpointsConfig: EndpointsConfig.map((endpoint) => ({ ...endpoint, PathRewrite: endpoint.PathRewrite ?? null })),
});

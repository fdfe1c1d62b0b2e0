import { isDeepStrictEqual } from 'node:util';
import { ApiError } from './api.ts';
import { persist } from './apply.ts';
import { type FoundDomain, leadsOnlyTo, liveAlias, protocolOf } from './found.ts';
import type { Inventory, Session } from './session.ts';
import type { WantedDomain } from './wanted.ts';

export type DomainStep = 'create' | 'update';

/** What is to be done about the domain, once all functions are live. Throws an `Error` for one that leads elsewhere. */
export const planDomain = (
  wanted: WantedDomain,
  found: FoundDomain | undefined,
  isOurs: (deployedName: string) => boolean,
  namespace: string,
): DomainStep | undefined => {
  if (!found) return 'create';
  if (!leadsOnlyTo(found, isOurs, namespace))
    throw new Error(
      `The domain ${wanted.name} leads to functions that were not deployed from here: it stays as it is.`,
    );
  const isSame =
    found.protocol === protocolOf(wanted) &&
    (!wanted.certificateId || found.certificateId === wanted.certificateId) &&
    found.routes.every(({ qualifier }) => qualifier === liveAlias) &&
    isDeepStrictEqual(Object.fromEntries(found.routes.map(({ path, deployedName }) => [path, deployedName])), {
      ...wanted.routes,
    });
  return isSame ? undefined : 'update';
};

export const describeDomainStep = ({ routes }: WantedDomain, step: DomainStep): string =>
  `${step === 'create' ? 'add the domain with' : 'lead it to'} ${Object.keys(routes).length} paths`;

/** Adds or mends the domain, with another look at it after a reply that did not come. */
export const routeDomain = async (
  domain: WantedDomain,
  first: DomainStep,
  { remote, looker, namespace, provider, report, sleep }: Session,
  { isOurs }: Inventory,
): Promise<void> => {
  let step: DomainStep | undefined = first;
  await persist(
    async () => {
      if (!step) return;
      report(`${domain.name}: ${describeDomainStep(domain, step)}`);
      await remote.route(domain, step === 'create');
    },
    async () => {
      step = planDomain(domain, (await looker.domains()).get(domain.name), isOurs, namespace);
    },
    { report, sleep },
  ).catch((error: unknown) => {
    if (error instanceof ApiError && /CNAME/i.test(error.code ?? ''))
      throw new Error(`${error.message}: ${domain.name} needs a CNAME record to ${cnameOf(provider.region)} first.`);
    throw error;
  });
};

/**
 * Where the DNS must lead a domain before SCF takes it: one name for each account and region, of which the host of a
 * function URL has the APPID. Source: https://www.tencentcloud.com/document/product/583/64369
 */
export const cnameOf = (region: string, url?: string): string => {
  const appId = /^https:\/\/(\d+)-/.exec(url ?? '')?.[1] ?? '<APPID>';
  return `${appId}.${region}.tencentscf.com`;
};

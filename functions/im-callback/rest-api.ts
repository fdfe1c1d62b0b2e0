import type { CallbackRequest } from '../../lib/scf/callback-endpoint.ts';

/** Answers whether it was done over the REST API: a client may claim any name that it has a sig for, the administrator's too. */
export const isFromRestApi = ({ query }: Pick<CallbackRequest, 'query'>): boolean =>
  query.OptPlatform?.toUpperCase() === 'RESTAPI';

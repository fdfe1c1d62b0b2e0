const read = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';

/** What the server of the page tells it about where it runs. */
export const surroundings = {
  /** Where IM takes clients. */
  imUrl: read('im-url'),
  /** The local cloud, which takes orders of faults. */
  cloudUrl: read('cloud-url'),
  /** Where a token says who and what somebody is. */
  userIdClaim: read('user-id-claim'),
  roleClaim: read('role-claim'),
  /** Whether tokens are to be had here, or only from the app's own login. */
  mintsTokens: read('mints-tokens') === 'true',
};

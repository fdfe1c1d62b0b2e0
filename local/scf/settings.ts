/** What depends on the account, its region and its day. */
export interface ScfSettings {
  /** How long something stays Creating, Updating, Publishing or Deleting, or concurrency in progress: milliseconds. */
  settleMs: number;
  /**
   * Memory that the functions of a region may use at once: MB.
   * Source: https://cloud.tencent.com/document/product/583/11637
   */
  concurrencyMemory: number;
  /** Source: as above. */
  functionsPerNamespace: number;
  /** Those that SCF serves. Source: https://cloud.tencent.com/document/api/583/17238 */
  regions: readonly string[];
  /** How often each action may be called; left out, there is no limit. SCF's own is 20 for most of them. */
  callsPerSecond?: number;
  /** The execution roles that exist. Left out: all. */
  roles?: readonly string[];
  /** Domains whose CNAME leads to SCF. Left out: all. */
  cnames?: readonly string[];
  /** Domains that other accounts have bound. */
  foreignDomains: readonly string[];
  /** After so long without an event an instance is gone: milliseconds. */
  idleMs: number;
}

export const defaultSettings: ScfSettings = {
  settleMs: 200,
  concurrencyMemory: 128_000,
  functionsPerNamespace: 50,
  regions: [
    'ap-bangkok',
    'ap-beijing',
    'ap-chengdu',
    'ap-chongqing',
    'ap-guangzhou',
    'ap-hongkong',
    'ap-jakarta',
    'ap-mumbai',
    'ap-nanjing',
    'ap-seoul',
    'ap-shanghai',
    'ap-shanghai-fsi',
    'ap-shenzhen-fsi',
    'ap-singapore',
    'ap-taipei',
    'ap-tokyo',
    'eu-frankfurt',
    'na-ashburn',
    'na-siliconvalley',
    'na-toronto',
    'sa-saopaulo',
  ],
  foreignDomains: [],
  idleMs: 60_000,
};

/** Whom all of it belongs to, as the bucket's name says. */
export const account = { appId: '1250000000', uin: '100000000001' } as const;

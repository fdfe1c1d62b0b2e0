/** What depends on the account, its region and its day. */
export interface ScfSettings {
  /** How long something stays Creating, Updating or Publishing: milliseconds. */
  settleMs: number;
  /**
   * Memory that the functions of a region may use at once: MB.
   * Source: https://cloud.tencent.com/document/product/583/11637
   */
  concurrencyMemory: number;
  /** Source: as above. */
  functionsPerNamespace: number;
  /** Domains that other accounts have bound. */
  foreignDomains: readonly string[];
  /** After so long without an event an instance is gone: milliseconds. */
  idleMs: number;
}

export const defaultSettings: ScfSettings = {
  settleMs: 200,
  concurrencyMemory: 128_000,
  functionsPerNamespace: 50,
  foreignDomains: [],
  idleMs: 60_000,
};

/** Whom all of it belongs to, as the bucket's name says. */
export const account = { appId: '1250000000', uin: '100000000001' } as const;

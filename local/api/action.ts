/** Who has signed a call, as its verified signature says. */
export interface Caller {
  secretId: string;
  /** The session token, of temporary keys. */
  token?: string;
  /** `X-TC-Region`. */
  region?: string;
}

/** One `X-TC-Action` of the API: the service and version that it belongs to, and what it does. */
export interface TencentAction {
  /** As in the credential scope and the endpoint. */
  service: 'sts' | 'trtc' | 'scf' | 'cls';
  version: string;
  /** Answers with the fields of `Response`; refuses with a `TencentApiError`. */
  run(body: unknown, caller: Caller): object | Promise<object>;
  /** What of its parameters may be told; all of them when it is left out. */
  tellable?(body: unknown): unknown;
}

/** A refusal in the API's own words: `Response.Error.Code` and `.Message`. */
export class TencentApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'TencentApiError';
    this.code = code;
  }
}

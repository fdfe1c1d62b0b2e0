/** IM does not do it: `code` is the `ErrorCode` of the reply, the message its `ErrorInfo`. */
export class ImRefusal extends Error {
  readonly code: number;

  constructor(code: number, info: string) {
    super(info);
    this.code = code;
  }
}

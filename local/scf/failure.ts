import type { Outcome } from './instance.ts';

type Failure = NonNullable<Outcome['failure']>;

/** What SCF says instead of a result. Its statuses: https://cloud.tencent.com/document/product/583/35311 */
export const describeFailure = ({ statusCode, message, stack }: Failure, requestId: string): string =>
  JSON.stringify({ errorCode: -1, errorMessage: message, requestId, stackTrace: stack, statusCode });

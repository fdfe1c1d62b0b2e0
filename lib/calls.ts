import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from './errors.ts';

/** Whom a function calls, as the log names them. A transaction of the database is one call. */
export type Callee = 'im' | 'sts' | 'trtc' | 'cos' | 'db';

/** Calls to one of them: how many, how long they took in all, and each code of the callee's that one of them came to. */
export interface CallSummary {
  calls: number;
  ms: number;
  codes?: (string | number)[];
}

interface Call {
  callee: Callee;
  startedAt: number;
  endedAt?: number;
  code?: string | number;
}

/** The outside calls of one invocation, as they are made. */
export interface CallRecord {
  /** Milliseconds since 1970. */
  clock(): number;
  calls: Call[];
}

const current = /* @__PURE__ */ new AsyncLocalStorage<CallRecord>();

/** Does work whose outside calls, however deep, go into the record. Several may go on in one process. */
export const recordCalls = <T>(record: CallRecord, work: () => T): T => current.run(record, work);

/**
 * Makes a call of a client, and writes it down where calls are recorded: the one place in which a client tells of itself.
 * `codeOf` reads the code of a refusal that is not thrown; 0 is none.
 */
export const callOutside = async <T>(
  callee: Callee,
  make: () => Promise<T>,
  codeOf?: (reply: T) => number,
): Promise<T> => {
  const record = current.getStore();
  if (!record) return make();
  const call: Call = { callee, startedAt: record.clock() };
  record.calls.push(call);
  try {
    const reply = await make();
    call.code = codeOf?.(reply) || undefined;
    return reply;
  } catch (error) {
    if (error instanceof AppError) call.code = codeOfFailure(error);
    throw error;
  } finally {
    call.endedAt = record.clock();
  }
};

/** What a record has come to by now, in the fields of a log line. Calls that are not answered count until now. */
export const summarizeCalls = ({ calls, clock }: CallRecord): Partial<Record<Callee, CallSummary>> => {
  const summary: Partial<Record<Callee, CallSummary>> = {};
  for (const { callee, startedAt, endedAt = clock(), code } of calls) {
    const { calls: before, ms, codes = [] } = summary[callee] ?? { calls: 0, ms: 0 };
    const met = code === undefined || codes.includes(code) ? codes : [...codes, code];
    summary[callee] = { calls: before + 1, ms: ms + endedAt - startedAt, ...(met.length > 0 && { codes: met }) };
  }
  return summary;
};

const codeOfFailure = ({ details: { vendorCode } }: AppError) =>
  typeof vendorCode === 'string' || typeof vendorCode === 'number' ? vendorCode : undefined;

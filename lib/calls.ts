import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from './errors.ts';

/** Whom a function calls, as the log names them. A transaction of the database is one call, the login's keys are `jwks`. */
export type Callee = 'im' | 'sts' | 'trtc' | 'cos' | 'db' | 'jwks';

/**
 * Calls to one of them: how many, how long they took in all, and each code that one of them failed with. The code is the
 * callee's, the system's (`ECONNREFUSED`), or where there is none ours (`UPSTREAM_TIMEOUT`).
 */
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

/** One invocation of a function: what its lines in the log have in common, and its outside calls as they are made. */
export interface Invocation {
  requestId: string | undefined;
  function: string | undefined;
  /** Milliseconds since 1970. */
  clock(): number;
  calls: Call[];
}

/** The invocation that began while no other was going on. */
let first: Invocation | undefined;
/** Those that began beside it. */
const beside = /* @__PURE__ */ new AsyncLocalStorage<Invocation>();

/**
 * Does an invocation's work: the outside calls and lines of the log within, however deep, are its own. Several may go on
 * in one process: only then Node has to follow every promise, which takes 5 % of a cold start. An instance of SCF does one
 * at a time: what it has left running goes on within the next one, which waits for it, and is counted there.
 * Source: https://nodejs.org/docs/latest-v20.x/api/async_hooks.html#asyncresource
 */
export const invoke = async <T>(invocation: Invocation, work: () => Promise<T>): Promise<T> => {
  if (first) return beside.run(invocation, work);
  first = invocation;
  try {
    return await work();
  } finally {
    first = undefined;
  }
};

/** The invocation that is going on here. */
export const currentInvocation = (): Invocation | undefined => beside.getStore() ?? first;

/** Makes a call of a client, and writes it down in the invocation: the one place in which a client tells of itself. */
export const callOutside = async <T>(callee: Callee, make: () => Promise<T>): Promise<T> => {
  const invocation = currentInvocation();
  if (!invocation) return make();
  const call: Call = { callee, startedAt: invocation.clock() };
  invocation.calls.push(call);
  try {
    return await make();
  } catch (error) {
    call.code = codeOf(error);
    throw error;
  } finally {
    call.endedAt = invocation.clock();
  }
};

/** What an invocation has called by now, in the fields of a log line. Calls that are not answered count until now. */
export const summarizeCalls = ({ calls, clock }: Invocation): Partial<Record<Callee, CallSummary>> => {
  const summary: Partial<Record<Callee, CallSummary>> = {};
  for (const { callee, startedAt, endedAt = clock(), code } of calls) {
    const { calls: before, ms, codes = [] } = summary[callee] ?? { calls: 0, ms: 0 };
    const met = code === undefined || codes.includes(code) ? codes : [...codes, code];
    summary[callee] = { calls: before + 1, ms: ms + endedAt - startedAt, ...(met.length > 0 && { codes: met }) };
  }
  return summary;
};

/** Of a failure of the callee's: what is refused within a transaction by our own rules is none of the database's. */
const codeOf = (error: unknown): string | number | undefined => {
  if (!(error instanceof AppError)) return isCoded(error) ? error.code : undefined;
  const { vendor, vendorCode } = error.details;
  if (vendor === undefined) return undefined;
  return typeof vendorCode === 'string' || typeof vendorCode === 'number' ? vendorCode : error.code;
};

/** The system's errors have their name as code, PostgreSQL's their SQLSTATE. */
const isCoded = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

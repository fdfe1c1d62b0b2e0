import { describeFailure } from './failure.ts';
import type { Ended } from './instance.ts';
import type { FunctionVersion, ScfFunction } from './state.ts';

/** One line, under the names that it has in CLS. Source: https://cloud.tencent.com/document/product/583/60336 */
export interface LogLine {
  SCF_FunctionName: string;
  SCF_Namespace: string;
  SCF_RequestId: string;
  SCF_Alias: string;
  /** The version. */
  SCF_Qualifier: string;
  /** Milliseconds since 1970, and so is the next. */
  SCF_StartTime: number;
  SCF_LogTime: number;
  SCF_Duration: number;
  SCF_MemUsage: number;
  SCF_StatusCode: number;
  SCF_Message: string;
  /** Whether SCF says it, or the function. */
  SCF_Type: 'Platform' | 'Custom';
  SCF_Level: 'INFO';
  SCF_RetryNum: number;
}

export interface StoredLine {
  line: LogLine;
  /** What the function has printed as one line of JSON, field by field. */
  fields: Readonly<Record<string, unknown>>;
  /** Where it runs; CLS has topics for that. */
  region: string;
  topicId: string;
  /** Counts all lines. */
  number: number;
}

export interface Request {
  region: string;
  namespace: string;
  functionName: string;
  requestId: string;
  startedAt: number;
  /** Absent while it runs. */
  ended?: Omit<Ended, 'written'> & { durationMs: number };
}

export interface LogStore {
  begin(of: {
    fn: ScfFunction;
    version: FunctionVersion;
    qualifier: string;
    requestId: string;
    /** Who waits gets the result whole; for whoever does not, it is kept so. */
    isAwaited: boolean;
  }): {
    end(ended: Ended, durationMs: number): void;
  };
  lines(): readonly StoredLine[];
  findRequest(requestId: string): Request | undefined;
}

export interface LogStoreOptions {
  /** Milliseconds since 1970. */
  clock(): number;
  /** Is given every line of a function, uncut. */
  onLine?: ((line: string) => void) | undefined;
}

const keptLines = 20_000;
const keptRequests = 2000;

/** What functions wrote, and how their events ended: the latest of it, in memory. */
export const createLogStore = ({ clock, onLine = () => {} }: LogStoreOptions): LogStore => {
  const lines: StoredLine[] = [];
  const requests = new Map<string, Request>();
  let lastNumber = 0;

  return {
    begin({ fn, version, qualifier, requestId, isAwaited }) {
      const startedAt = clock();
      const request: Request = {
        region: fn.region,
        namespace: fn.namespace,
        functionName: fn.name,
        requestId,
        startedAt,
      };
      requests.set(requestId, request);
      const [oldest] = requests.keys();
      if (oldest !== undefined && requests.size > keptRequests) requests.delete(oldest);
      return {
        end({ written, ...ended }, durationMs) {
          request.ended = {
            ...(isAwaited && ended.result ? { ...ended, result: cut(ended.result) } : ended),
            durationMs,
          };
          const common = {
            SCF_FunctionName: fn.name,
            SCF_Namespace: fn.namespace,
            SCF_RequestId: requestId,
            SCF_Alias: qualifier === version.name ? '' : qualifier,
            SCF_Qualifier: version.name,
            SCF_StartTime: startedAt,
            SCF_LogTime: clock(),
            SCF_Duration: durationMs,
            SCF_MemUsage: ended.memory,
            SCF_StatusCode: ended.failure?.statusCode ?? 200,
            SCF_Level: 'INFO' as const,
            SCF_RetryNum: 0,
          };
          for (const [SCF_Type, text] of describeEnd(requestId, version, { ...ended, written }, durationMs)) {
            lastNumber += 1;
            lines.push({
              line: { ...common, SCF_Type, SCF_Message: cut(text) },
              fields: SCF_Type === 'Custom' ? readFields(text) : {},
              region: fn.region,
              topicId: version.configuration.ClsTopicId,
              number: lastNumber,
            });
            if (SCF_Type === 'Custom') onLine(text);
          }
          lines.splice(0, lines.length - keptLines);
        },
      };
    },
    lines: () => lines,
    findRequest: (requestId) => requests.get(requestId),
  };
};

/** Of a message: bytes. Source: https://cloud.tencent.com/document/product/583/43329 */
const maxMessageBytes = 8 * 1024;

const cut = (text: string): string =>
  Buffer.byteLength(text) > maxMessageBytes ? Buffer.from(text).subarray(0, maxMessageBytes).toString() : text;

/** What the function answers is in it, whatever that is. Source: as above. */
const describeEnd = (
  requestId: string,
  version: FunctionVersion,
  { result, failure, written, memory }: Ended,
  durationMs: number,
): (readonly [LogLine['SCF_Type'], string])[] => {
  const megabytes = (memory / 1024 / 1024).toFixed(2);
  const said = [...written.split('\n').filter(Boolean), ...(failure ? [failure.stack || failure.message] : [])];
  return [
    ['Platform', `START RequestId: ${requestId}`],
    ...said.map((text) => ['Custom', text] as const),
    ['Platform', `Response RequestId:${requestId} RetMsg:${failure ? describeFailure(failure, requestId) : result}`],
    ['Platform', `END RequestId: ${requestId}`],
    [
      'Platform',
      `Report RequestId: ${requestId} Duration:${durationMs}ms Memory:${version.configuration.MemorySize}MB MemUsage:${megabytes}MB`,
    ],
  ];
};

/** The first level of an object in JSON: what is nested stays text. Source: https://cloud.tencent.com/document/product/583/52637 */
const readFields = (text: string): Record<string, unknown> => {
  if (!text.startsWith('{')) return {};
  try {
    const fields = Object.entries(JSON.parse(text));
    return Object.fromEntries(
      fields.map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
      ]),
    );
  } catch {
    // A line that only looks so.
    return {};
  }
};

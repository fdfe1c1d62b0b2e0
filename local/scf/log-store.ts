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
  SCF_Type: 'Platform' | 'Custom';
  SCF_Level: 'INFO';
  SCF_RetryNum: number;
  /** Where it runs; CLS has topics for that. */
  region: string;
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
  ended?: Ended & { durationMs: number };
}

export interface LogStore {
  begin(of: { fn: ScfFunction; version: FunctionVersion; qualifier: string; requestId: string }): {
    end(ended: Ended, durationMs: number): void;
  };
  lines(): readonly LogLine[];
  findRequest(requestId: string): Request | undefined;
}

const keptLines = 20_000;
const keptRequests = 2000;

/** What functions wrote, and how their events ended: the latest of it, in memory. */
export const createLogStore = (clock: () => number): LogStore => {
  const lines: LogLine[] = [];
  const requests = new Map<string, Request>();
  let lastNumber = 0;

  return {
    begin({ fn, version, qualifier, requestId }) {
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
        end(ended, durationMs) {
          request.ended = { ...ended, durationMs };
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
            region: fn.region,
          };
          for (const line of describeEnd(requestId, version, ended, durationMs)) {
            lastNumber += 1;
            lines.push({ ...common, ...line, number: lastNumber });
          }
          lines.splice(0, lines.length - keptLines);
        },
      };
    },
    lines: () => lines,
    findRequest: (requestId) => requests.get(requestId),
  };
};

type Told = Pick<LogLine, 'SCF_Message' | 'SCF_Type'>;

const describeEnd = (requestId: string, version: FunctionVersion, ended: Ended, durationMs: number): Told[] => {
  const platform = (text: string): Told => ({ SCF_Message: text, SCF_Type: 'Platform' });
  const custom = (text: string): Told => ({ SCF_Message: text, SCF_Type: 'Custom' });
  const { failure, written, memory } = ended;
  const megabytes = (memory / 1024 / 1024).toFixed(2);
  return [
    platform(`START RequestId: ${requestId}`),
    ...written.split('\n').filter(Boolean).map(custom),
    ...(failure ? [custom(`${failure.stack || failure.message}`)] : []),
    platform(`END RequestId: ${requestId}`),
    platform(
      `Report RequestId: ${requestId} Duration:${durationMs}ms Memory:${version.configuration.MemorySize}MB MemUsage:${megabytes}MB`,
    ),
  ];
};

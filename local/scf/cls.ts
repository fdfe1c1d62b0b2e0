import * as z from 'zod/mini';
import { type TencentAction, TencentApiError } from '../api/action.ts';
import { parseInput } from '../api/input.ts';
import { defaultTopicId } from './configuration.ts';
import type { LogLine, LogStore, StoredLine } from './log-store.ts';
import type { ScfState } from './state.ts';

const searchInput = z.strictObject({
  TopicId: z.string(),
  From: z.int(),
  To: z.int(),
  QueryString: z.optional(z.string()),
  Query: z.optional(z.string()),
  QuerySyntax: z.optional(z.int()),
  SyntaxRule: z.optional(z.int()),
  Sort: z._default(z.enum(['asc', 'desc']), 'desc'),
  Limit: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 100),
  Offset: z._default(z.int().check(z.minimum(0)), 0),
  UseNewAnalysis: z.optional(z.boolean()),
});

const codes = { missing: () => 'MissingParameter', invalid: () => 'InvalidParameter' };

/**
 * SearchLog of CLS, where SCF's lines go: the topics of the functions, and queries that join `field:"value"` by AND.
 * Source: https://cloud.tencent.com/document/product/583/43329 and https://cloud.tencent.com/document/api/614/56447
 */
export const createClsActions = ({ functions }: ScfState, logs: LogStore): Readonly<Record<string, TencentAction>> => ({
  SearchLog: {
    service: 'cls',
    version: '2020-10-16',
    run(body, { region }) {
      const input = parseInput(searchInput, body, codes);
      const isTopic = functions.some(({ versions }) =>
        versions.some(({ configuration }) => configuration.ClsTopicId === input.TopicId),
      );
      if (!isTopic && input.TopicId !== defaultTopicId)
        throw new TencentApiError('ResourceNotFound.TopicNotExist', 'The topic does not exist.');
      const terms = parseQuery(input.QueryString ?? input.Query ?? '');
      const found = logs
        .lines()
        .filter((stored) => stored.region === region && stored.topicId === input.TopicId)
        .filter(({ line }) => line.SCF_LogTime >= input.From && line.SCF_LogTime < input.To)
        .filter(({ line }) => terms.every((matches) => matches(line)));
      const sorted = input.Sort === 'desc' ? found.toReversed() : found;
      const page = sorted.slice(input.Offset, input.Offset + input.Limit);
      return {
        Context: '',
        ListOver: input.Offset + page.length >= found.length,
        Analysis: false,
        Results: page.map(describeLine),
      };
    },
  },
});

type Term = (line: LogLine) => boolean;

const isField = (name: string): name is keyof LogLine => name.startsWith('SCF_');

/** `field:"value"` or `field:value`, and what joins it to the one before. */
const termPattern = /\s*(?:AND\s+)?(\w+):(?:"((?:[^"\\]|\\.)*)"|([^\s"*]+))/iy;

/** Throws `FailedOperation.SyntaxError` for more than is served here. */
const parseQuery = (query: string): Term[] => {
  if (query.trim() === '' || query.trim() === '*') return [];
  const terms: Term[] = [];
  for (let end = 0; query.slice(end).trim() !== ''; end = termPattern.lastIndex) {
    termPattern.lastIndex = end;
    const [, name = '', quoted, bare] = termPattern.exec(query) ?? [];
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    if (!isField(name) || value === undefined)
      throw new TencentApiError('FailedOperation.SyntaxError', 'Queries here join field:"value" by AND.');
    terms.push((line) =>
      name === 'SCF_Message' ? line.SCF_Message.includes(value) : String(line[name] ?? '') === value,
    );
  }
  return terms;
};

/** Whether `SCF_Message` stays beside the fields that it was parsed into is not documented. */
const describeLine = ({ line, fields, topicId, number }: StoredLine) => ({
  Time: line.SCF_LogTime,
  TopicId: topicId,
  TopicName: 'SCF_logtopic',
  Source: '127.0.0.1',
  FileName: '',
  HostName: '',
  PkgId: line.SCF_RequestId,
  PkgLogId: String(number),
  LogJson: JSON.stringify({ ...fields, ...line }),
});

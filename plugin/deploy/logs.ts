import { Client as ClsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client.js';
import type { LogInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_models.js';
import { createApi } from './api.ts';
import { openSession, type SessionOptions } from './session.ts';

const usualIntervalMs = 2000;
/** A line is found some seconds after it was written, so each look goes back so far. */
const latenessMs = 60_000;
const pageSize = 1000;

/**
 * `logs`: what a function wrote of late, from its topic in CLS; with `--tail` also what it writes, until interrupted. What
 * SCF itself writes, replies included, only with `--platform`.
 * Source: https://cloud.tencent.com/document/product/583/52637
 */
export const logs = async (options: SessionOptions): Promise<void> => {
  const { looker, namespace, deployedName, utils, clock, sleep, apiOptions } = openSession(options);
  const { function: name = '', tail, interval = String(usualIntervalMs), startTime = '10m' } = options.options;
  const { filter = '', platform } = options.options;
  if (!/^\d{3,6}$/.test(interval)) throw new Error('--interval takes milliseconds, from 100 to 999999.');
  const deployed = deployedName(name);
  const topicId = (await looker.get(deployed, (await looker.live(deployed))?.version))?.ClsTopicId;
  if (!topicId)
    throw new Error(`${deployed} has no log topic in CLS: set DEPLOY_CLS_LOGSET_ID and DEPLOY_CLS_TOPIC_ID.`);

  const cls = createApi(ClsClient, apiOptions);
  const query = [
    `SCF_FunctionName:"${deployed}"`,
    `SCF_Namespace:"${namespace}"`,
    ...(platform ? [] : ['SCF_Type:"Custom"']),
  ].join(' AND ');
  const readSince = async (from: number) => {
    const to = clock() + 1;
    const lines: LogInfo[] = [];
    for (;;) {
      const { Results, ListOver } = await cls('SearchLog', {
        TopicId: topicId,
        From: from,
        To: to,
        QueryString: query,
        QuerySyntax: 1,
        Sort: 'asc',
        Limit: pageSize,
        Offset: lines.length,
      });
      lines.push(...(Results ?? []));
      if (ListOver || !Results?.length) return lines;
    }
  };
  const told = new Set<string>();
  const tellSince = async (from: number) => {
    for (const { PkgId, PkgLogId, Time = 0, LogJson } of await readSince(from)) {
      const key = `${PkgId} ${PkgLogId} ${Time} ${LogJson}`;
      const line = describeLine(Time, JSON.parse(LogJson || '{}'));
      // Here and not in CLS, which may have made fields of what is looked for, without an index of them.
      if (!told.has(key) && line.includes(filter)) utils.writeText(line);
      told.add(key);
    }
  };

  await tellSince(readStart(startTime, clock()));
  if (told.size === 0) utils.log.notice(`${deployed} has written nothing since then (--startTime ${startTime}).`);
  while (tail) {
    await sleep(Number(interval));
    await tellSince(clock() - latenessMs);
  }
};

/** `30s`, `10m`, `2h`, `1d`, or a time as JavaScript reads it. */
const readStart = (text: string, now: number): number => {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const start = count === undefined ? Date.parse(text) : now - Number(count) * (secondsOf[unit] ?? 0) * 1000;
  if (Number.isNaN(start))
    throw new Error('--startTime takes 30s, 10m, 2h, 1d or a time such as 2026-11-21T08:00:00Z.');
  return start;
};

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * An entry of CLS, for people. Of a line that was JSON, SCF makes fields; whether SCF_Message has it still is not documented.
 * Source: https://cloud.tencent.com/document/product/583/60336 and https://cloud.tencent.com/document/product/583/56828
 */
export const describeLine = (time: number, line: Readonly<Record<string, unknown>>): string => {
  const { SCF_RequestId: requestId = '-', SCF_Message: message } = line;
  const own = Object.entries(line).filter(([name]) => !name.startsWith('SCF_'));
  const text = typeof message === 'string' && message !== '' ? message : JSON.stringify(Object.fromEntries(own));
  return `${new Date(time).toISOString()}  ${requestId}  ${text.trimEnd()}`;
};

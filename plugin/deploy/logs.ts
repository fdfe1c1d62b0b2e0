import { Client as ClsClient } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cls/v20201016/cls_client.js';
import { createApi } from './api.ts';
import { openSession, type SessionOptions } from './session.ts';

const usualIntervalMs = 2000;
/** A line is found some seconds after it was written, so each look goes back so far. */
const latenessMs = 60_000;
const maxLines = 1000;

/**
 * `logs`: what a function wrote of late, from its topic in CLS; with `--tail` also what it writes, until interrupted.
 * Source: https://cloud.tencent.com/document/product/583/52637
 */
export const logs = async (options: SessionOptions): Promise<void> => {
  const { scf, namespace, deployedName, utils, clock, sleep, apiOptions } = openSession(options);
  const { function: name = '', tail, interval = String(usualIntervalMs), startTime = '10m', filter } = options.options;
  if (!/^\d{3,6}$/.test(interval)) throw new Error('--interval takes milliseconds, from 100 to 999999.');
  const FunctionName = deployedName(name);
  const { ClsTopicId } = await scf('GetFunction', { FunctionName, Namespace: namespace });
  if (!ClsTopicId) throw new Error(`${FunctionName} has no log topic in CLS: choose one in the console.`);

  const cls = createApi(ClsClient, apiOptions);
  const query = [
    `SCF_FunctionName:"${FunctionName}"`,
    `SCF_Namespace:"${namespace}"`,
    ...(filter === undefined ? [] : [`SCF_Message:"${filter.replaceAll('"', '\\"')}"`]),
  ].join(' AND ');
  const told = new Set<string>();
  const tellSince = async (from: number) => {
    const { Results } = await cls('SearchLog', {
      TopicId: ClsTopicId,
      From: from,
      To: clock() + 1,
      QueryString: query,
      QuerySyntax: 1,
      Sort: 'desc',
      Limit: maxLines,
    });
    for (const { PkgId, PkgLogId, Time = 0, LogJson = '{}' } of (Results ?? []).reverse()) {
      const key = `${PkgId} ${PkgLogId} ${Time} ${LogJson}`;
      if (told.has(key)) continue;
      told.add(key);
      utils.writeText(describeLine(Time, JSON.parse(LogJson)));
    }
  };

  await tellSince(readStart(startTime, clock()));
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

/** Source: https://cloud.tencent.com/document/product/583/60336 */
const describeLine = (time: number, line: { SCF_RequestId?: string; SCF_Message?: string }): string =>
  `${new Date(time).toISOString()}  ${line.SCF_RequestId ?? '-'}  ${(line.SCF_Message ?? '').trimEnd()}`;

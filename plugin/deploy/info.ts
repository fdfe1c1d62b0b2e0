import { urlOf } from './found.ts';
import { openSession, type SessionOptions } from './session.ts';
import { table } from './table.ts';

/** IM's callbacks that `im-callback` acts on. Source: https://cloud.tencent.com/document/product/269/1523 */
export const imCallbacks = [
  'Group.CallbackBeforeSendMsg',
  'Group.CallbackBeforeApplyJoinGroup',
  'Group.CallbackBeforeInviteJoinGroup',
  'Group.CallbackBeforeCreateGroup',
  'Group.CallbackAfterNewMemberJoin',
  'Group.CallbackAfterMemberExit',
  'Group.CallbackOnMemberStateChange',
];

export interface InfoOptions extends SessionOptions {
  domain: { name: string; certificateId?: string } | undefined;
}

/** `info`: where the functions are, and what to enter in the consoles of IM and TRTC. */
export const info = async (options: InfoOptions): Promise<void> => {
  const { looker, owned, utils, deployedName, stage } = openSession(options);
  const rows = await Promise.all(
    [...(await owned()).keys()].sort().map(async (name) => {
      const [{ Status = '' }, live, triggers] = await Promise.all([
        looker.settle(name),
        looker.live(name),
        looker.triggers(name),
      ]);
      const url = triggers.map(urlOf).find(Boolean);
      const cron = triggers.find(({ type }) => type === 'timer')?.description;
      return { name, version: live?.version ?? '-', status: Status, url, reached: url ?? cron ?? '-' };
    }),
  );
  if (rows.length === 0) return utils.writeText(`Nothing is deployed in the stage ${stage}.`);

  const base = options.domain && `${options.domain.certificateId ? 'https' : 'http'}://${options.domain.name}`;
  /** Any path reaches a function through its own URL; its own is what it has everywhere else. */
  const addressOf = (name: string) => {
    const url = base ?? rows.find((row) => row.name === deployedName(name))?.url;
    return url === undefined ? '-' : `${url}/${name}`;
  };
  utils.writeText(
    [
      table([
        ['function', 'live', 'status', 'reached by'],
        ...rows.map(({ name, version, status, reached }) => [name, version, status, reached]),
      ]),
      '',
      ...(base === undefined ? [] : [`All of them: ${base}/<function>`, '']),
      `IM callback URL:    ${addressOf('im-callback')}`,
      '  with authentication, and these callbacks switched on:',
      ...imCallbacks.map((command) => `  ${command}`),
      `TRTC callback URL:  ${addressOf('trtc-callback')}`,
      '  for room and recording events',
    ].join('\n'),
  );
};

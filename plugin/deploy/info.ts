import { inParallel } from '../in-parallel.ts';
import { cnameOf } from './domain.ts';
import { liveAlias, urlOf } from './found.ts';
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

/** `info`: where the functions are, and what to enter in the DNS and in the consoles of IM and TRTC. */
export const info = async (options: InfoOptions): Promise<void> => {
  const { looker, inventory, utils, deployedName, stage, provider } = openSession(options);
  const { owned } = await inventory();
  const rows = await inParallel([...owned.keys()].sort(), async (name) => {
    const [reply, live, triggers] = await Promise.all([looker.get(name), looker.live(name), looker.triggers(name)]);
    const ours = triggers.filter(({ qualifier }) => qualifier === liveAlias);
    const url = ours.map(urlOf).find(Boolean);
    const cron = ours.find(({ type }) => type === 'timer')?.description;
    return { name, version: live?.version ?? '-', status: reply?.Status ?? '-', url, reached: url ?? cron ?? '-' };
  });
  if (rows.length === 0) return utils.writeText(`Nothing is deployed in the stage ${stage}.`);

  const { domain } = options;
  const base = domain && `${domain.certificateId ? 'https' : 'http'}://${domain.name}`;
  /** Any path reaches a function through its own URL; its own is what it has everywhere else. */
  const addressOf = (name: string) => {
    const row = rows.find((each) => each.name === deployedName(name));
    const url = row && (base ?? row.url);
    return url === undefined ? '-' : `${url}/${name}`;
  };
  const anyUrl = rows.map(({ url }) => url).find(Boolean);
  utils.writeText(
    [
      table([
        ['function', 'live', 'status', 'reached by'],
        ...rows.map(({ name, version, status, reached }) => [name, version, status, reached]),
      ]),
      '',
      ...(domain
        ? [
            `All of them:        ${base}/<function>`,
            `DNS of the domain:  CNAME ${cnameOf(provider.region, anyUrl)}`,
            '',
          ]
        : []),
      `IM callback URL:    ${addressOf('im-callback')}`,
      '  with authentication, and these callbacks switched on:',
      ...imCallbacks.map((command) => `  ${command}`),
      `TRTC callback URL:  ${addressOf('trtc-callback')}`,
      '  for room and recording events',
    ].join('\n'),
  );
};

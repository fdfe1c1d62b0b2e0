import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import type { LocalCloud } from '../../local/cloud.ts';
import { type ImSession, openImSession } from './im-session.ts';
import type { TestCloud } from './local-cloud.ts';

/** Joins a class as the holder of a token, with another app than the page. */
export const joinByOtherApp = async (cloud: TestCloud, classId: string, authorization: string): Promise<ImSession> => {
  const { body } = await cloud.post('join-class', { classId }, authorization);
  const session = await openImSession(cloud.cloud, body.sig);
  await session.ask({ op: 'join', groupId: body.class.chatGroupId });
  return session;
};

/** Recalls a message of a group by IM's REST API, as somebody at the console of IM can. */
export const recall = async ({ cloud, env }: Pick<LocalCloud, 'cloud' | 'env'>, GroupId: string, MsgSeq: number) => {
  const sdkAppId = Number(env.IM_SDK_APP_ID);
  const signer = createUserSigSigner(sdkAppId, { secretKey: env.IM_SECRET_KEY ?? '' });
  const userId = 'administrator';
  const query = new URLSearchParams({
    sdkappid: String(sdkAppId),
    identifier: userId,
    usersig: signer.signUserSig({ userId, issuedAt: Math.floor(Date.now() / 1000), ttlSeconds: 60 }),
    random: '1',
    contenttype: 'json',
  });
  const reply = await fetch(`${cloud}/v4/group_open_http_svc/group_msg_recall?${query}`, {
    method: 'POST',
    body: JSON.stringify({ GroupId, MsgSeqList: [{ MsgSeq }] }),
  });
  return reply.json();
};

import { type Lesson, replayGroupId } from '../../lib/classroom/class/class.ts';
import type { Replay } from '../../lib/classroom/replay/replay.ts';
import type { ReplayPage } from '../../lib/classroom/replay/replay-store.ts';
import { createUserSigSigner } from '../../lib/usersig/signer.ts';
import type { TestClassroom } from './classroom.ts';
import { imSecretKey, sdkAppId } from './im.ts';

/** For a test IM whose clock stands still: no rate of it is ever used up. */
export const noRates = { messagesPerSecondPerGroup: Number.POSITIVE_INFINITY, restPerSecond: Number.POSITIVE_INFINITY };

/** The ReplayGroup of a class, and what IM's console and other clients do to it. */
export const replayGroupOf = ({ im, fetch, clock }: TestClassroom, classId: string) => {
  const groupId = replayGroupId(classId);
  const signer = createUserSigSigner(sdkAppId, { secretKey: imSecretKey });
  let sent = 0;

  const post = async (command: string, body: object) => {
    const query = new URLSearchParams({
      sdkappid: String(sdkAppId),
      identifier: 'administrator',
      usersig: signer.signUserSig({ userId: 'administrator', issuedAt: clock.seconds(), ttlSeconds: 60 }),
      random: '1',
      contenttype: 'json',
    });
    const url = `https://im.example.com/v4/group_open_http_svc/${command}?${query}`;
    const reply = await fetch(url, { method: 'POST', body: JSON.stringify({ GroupId: groupId, ...body }) });
    const answer = JSON.parse(await reply.text());
    if (answer.ErrorCode !== 0) throw new Error(`${command}: ${answer.ErrorInfo}`);
    return answer;
  };

  const send = async (element: object, from: string, random: number): Promise<number> =>
    (await post('send_group_msg', { From_Account: from, Random: random, MsgBody: [element] })).MsgSeq;

  return {
    groupId,
    /** Sends a custom message that carries this text, a numbered one as the administrator, and answers its number. */
    sendData: (Data: string, from = /"type":100[34]/.test(Data) ? 'administrator' : 't1', random = ++sent) =>
      send({ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc: '', Ext: '' } }, from, random),
    sendText: (Text: string, from = 't1') => send({ MsgType: 'TIMTextElem', MsgContent: { Text } }, from, ++sent),
    /** Draws a stroke, and answers its number. */
    draw(data: unknown, from = 't1') {
      return this.sendData(JSON.stringify({ v: 1, type: 'board', data }), from);
    },
    async recall(seq: number): Promise<void> {
      await post('group_msg_recall', { MsgSeqList: [{ MsgSeq: seq }] });
    },
    /** IM does not know the message any more, nor those after it up to another one. */
    lose(from: number, to = from): void {
      const group = im.state.groups.get(groupId);
      if (group) group.messages = group.messages.filter(({ seq }) => seq < from || seq > to);
    },
  };
};

/** All pages of a replay, one after the other. */
export const readPages = async (replay: Replay, lesson: Lesson, limit = 200): Promise<ReplayPage[]> => {
  const pages: ReplayPage[] = [];
  for (let after: number | undefined = 0; after !== undefined; after = pages.at(-1)?.nextAfter) {
    if (pages.length > 1000) throw new Error('the replay has no end');
    pages.push(await replay.page(lesson, { after, limit }));
  }
  return pages;
};

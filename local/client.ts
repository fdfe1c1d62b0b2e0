/**
 * `npx tsx local/client.ts joined.json`: somebody in a class, as an app would be. Takes a reply of `join-class`, logs in to
 * the local IM, joins the chat, enters the room, and prints what they see. Lines that are typed go into the chat.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';

const joined = z.object({
  class: z.object({ chatGroupId: z.string(), roomId: z.int() }),
  sig: z.object({ sdkAppId: z.int(), userId: z.string(), userSig: z.string() }),
  privateMapKey: z.string(),
});

const [file, origin = `ws://127.0.0.1:${process.env.LOCAL_CLOUD_PORT ?? 8788}`] = process.argv.slice(2);
if (file === undefined) throw new Error('Which person? Give a file with a reply of join-class.');
const parsed = joined.safeParse(JSON.parse(readFileSync(file, 'utf8')));
if (!parsed.success) throw new Error(`${file} holds no reply of join-class.`);
const {
  class: { chatGroupId, roomId },
  sig: { sdkAppId, userId, userSig },
  privateMapKey,
} = parsed.data;

const connect = (path: string, query: Record<string, string>): WebSocket => {
  const search = new URLSearchParams({ sdkappid: String(sdkAppId), usersig: userSig, ...query });
  const socket = new WebSocket(`${origin}${path}?${search}`);
  socket.on('error', ({ message }) => leave(`cannot reach ${path}: ${message}`));
  socket.on('close', (code, reason) => {
    if (code >= 4000) leave(`put out of ${path}: ${reason}`);
  });
  return socket;
};

const im = connect('/im', { identifier: userId });
const room = connect('/trtc', { userid: userId, roomid: String(roomId), privatemapkey: privateMapKey });
const input = createInterface({ input: process.stdin });

let lastId = 0;
const ask = (frame: object) => {
  lastId += 1;
  im.send(JSON.stringify({ id: lastId, groupId: chatGroupId, ...frame }));
};

function leave(why: string): void {
  console.log(why);
  input.close();
  room.close();
  im.close();
}

/** What a message says to a person. */
const textOf = ({ MsgType, MsgContent }: { MsgType: string; MsgContent: Record<string, string> }): string =>
  MsgType === 'TIMTextElem' ? (MsgContent.Text ?? '') : MsgContent.Desc || (MsgContent.Data ?? '');

im.on('open', () => ask({ op: 'join' }));
im.on('message', (data) => {
  const { id, ErrorCode, ErrorInfo, event, groupId, kind, From_Account, MsgBody, reason } = JSON.parse(String(data));
  if (id === 1 && ErrorCode === 0) console.log(`${userId} is in the chat`);
  else if (id !== undefined && ErrorCode !== 0) console.log(`refused: ${ErrorCode} ${ErrorInfo}`);
  // Whoever draws is in the ReplayGroup, too, and gets every stroke twice.
  else if (event === 'message' && groupId === chatGroupId)
    console.log(`${From_Account}: ${MsgBody.map(textOf).join('')}`);
  else if (event === 'kicked') leave(`put out of the chat: ${reason}`);
  else if (kind === 'destroyed' && groupId === chatGroupId) leave('the class is over');
});
room.on('message', (data) => {
  const { event } = JSON.parse(String(data));
  if (event === 'entered') console.log(`${userId} is in the room`);
});
input.on('line', (line) =>
  ask({ op: 'send', message: { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: line } }] } }),
);

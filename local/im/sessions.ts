import { type WebSocket, WebSocketServer } from 'ws';
import { refuseUpgrade, type Upgrade } from '../upgrades.ts';
import type { Session } from './audience.ts';
import type { ImContext } from './context.ts';
import { type Credentials, identify } from './credentials.ts';
import { parseFrame, runFrame } from './frame.ts';
import { importAccount } from './import-account.ts';
import { ImRefusal } from './refusal.ts';

/** Our own close codes: a bad UserSig (the reason starts with IM's code), and a newer login. */
const closeCodes = { badLogin: 4001, kicked: 4002 } as const;
const internalError = 10002;
const maxFrameBytes = 64 * 1024;
/** Source: https://cloud.tencent.com/document/product/269/1522 */
const platforms: readonly string[] = ['Web', 'Android', 'iOS', 'Windows', 'Mac', 'iPad'];

export interface Sessions {
  upgrade: Upgrade;
  close(): void;
}

/** The clients' long connections, `ws://…/im?sdkappid=&identifier=&usersig=&platform=Web`. */
export const createSessions = (im: ImContext, credentials: Credentials): Sessions => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });

  const upgrade: Upgrade = ({ request, socket, head, query }) => {
    if (query.get('sdkappid') !== String(im.sdkAppId)) return refuseUpgrade(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => login(client, query));
  };

  const login = (client: WebSocket, query: URLSearchParams) => {
    try {
      open(client, identify(query, credentials), query.get('platform') ?? 'Web');
    } catch (error) {
      if (!(error instanceof ImRefusal)) throw error;
      client.close(closeCodes.badLogin, `${error.code} ${error.message}`);
    }
  };

  /** A first login imports the account, and a second one from the same platform ends the first. */
  const open = (client: WebSocket, account: string, platform: string) => {
    const session: Session = {
      account,
      platform: platforms.includes(platform) ? platform : 'Unknown',
      rooms: new Set(),
      push: (event) => client.send(JSON.stringify(event)),
      kick(reason) {
        im.audience.remove(session);
        session.push({ event: 'kicked', reason });
        client.close(closeCodes.kicked, reason);
      },
    };
    importAccount(im, account);
    for (const older of im.audience.sessionsOf(account))
      if (older.platform === session.platform) older.kick('login elsewhere');
    im.audience.add(session);
    // Nobody is told of a client that just goes away: it has not quit its groups.
    client.on('close', () => im.audience.remove(session));
    client.on('error', () => client.terminate());
    listen(im, client, session);
  };

  return {
    upgrade,
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
};

/** Answers each frame. Joining and quitting are waited for by what comes after them; messages are not. */
const listen = (im: ImContext, client: WebSocket, session: Session) => {
  let settled: Promise<unknown> = Promise.resolve();
  const reply = (id: string | number | null, ErrorCode = 0, ErrorInfo = '') =>
    client.send(JSON.stringify({ id, ErrorCode, ErrorInfo }));

  client.on('message', (data, isBinary) => {
    const parsed = isBinary ? { id: null } : parseFrame(data.toString());
    if ('id' in parsed) return reply(parsed.id, 60003, 'not a frame');
    const { frame } = parsed;
    const answered = settled
      .then(() => runFrame(im, session, frame))
      .then(
        () => reply(frame.id),
        (error: unknown) => {
          if (error instanceof ImRefusal) return reply(frame.id, error.code, error.message);
          console.error(error);
          reply(frame.id, internalError, 'the local IM failed; its terminal says why');
        },
      );
    if (frame.op !== 'send') settled = answered;
  });
};

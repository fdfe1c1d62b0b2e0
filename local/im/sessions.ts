import { type WebSocket, WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { Reporter } from '../feed.ts';
import { refuseUpgrade, type Upgrade } from '../upgrades.ts';
import type { KickReason, Session } from './audience.ts';
import { type ImContext, nowSeconds } from './context.ts';
import { type Credentials, checkUserSig, identify } from './credentials.ts';
import { parseFrame, runFrame } from './frame.ts';
import { importAccount } from './import-account.ts';
import { ImRefusal } from './refusal.ts';

/** Our own close codes: a bad UserSig (the reason starts with IM's code), or why a session was ended. */
const badLogin = 4001;
const closeCodes: Record<KickReason, number> = { 'login elsewhere': 4002, 'usersig expired': 4003 };
/** How long a session may outlive its sig. */
const expiryCheckMs = 500;
const internalError = 10002;
const maxFrameBytes = 64 * 1024;
/** Source: https://cloud.tencent.com/document/product/269/1522 */
const platforms: readonly string[] = ['Web', 'Android', 'iOS', 'Windows', 'Mac', 'iPad'];

export interface SessionsOptions {
  im: ImContext;
  credentials: Credentials;
  faults: Faults;
  feed: Reporter;
}

export interface Sessions {
  upgrade: Upgrade;
  close(): void;
}

/** The clients' long connections, `ws://…/im?sdkappid=&identifier=&usersig=&platform=Web`. */
export const createSessions = ({ im, credentials, faults, feed }: SessionsOptions): Sessions => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  const expiryOf = new Map<Session, number>();
  const expiring = setInterval(() => {
    for (const [session, expiresAt] of expiryOf) if (nowSeconds(im) > expiresAt) session.kick('usersig expired');
  }, expiryCheckMs).unref();

  const upgrade: Upgrade = ({ request, socket, head, query }) => {
    if (query.get('sdkappid') !== String(im.sdkAppId)) return refuseUpgrade(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (client) => login(client, query));
  };

  const login = (client: WebSocket, query: URLSearchParams) => {
    try {
      const { account, expiresAt } = identify(query, credentials);
      expiryOf.set(open(client, account, query.get('platform') ?? 'Web'), expiresAt);
    } catch (error) {
      if (!(error instanceof ImRefusal)) throw error;
      client.close(badLogin, `${error.code} ${error.message}`);
    }
  };

  /** A first login imports the account, and a second one from the same platform ends the first. */
  const open = (client: WebSocket, account: string, platform: string): Session => {
    const session: Session = {
      account,
      platform: platforms.includes(platform) ? platform : 'Unknown',
      rooms: new Set(),
      push: (event) => client.send(JSON.stringify(event)),
      renew: (userSig) => void expiryOf.set(session, checkUserSig(userSig, account, credentials)),
      kick(reason) {
        forget();
        session.push({ event: 'kicked', reason });
        client.close(closeCodes[reason], reason);
      },
    };
    const forget = () => {
      im.audience.remove(session);
      expiryOf.delete(session);
    };
    importAccount(im, account);
    for (const older of im.audience.sessionsOf(account))
      if (older.platform === session.platform) older.kick('login elsewhere');
    im.audience.add(session);
    // Nobody is told of a client that just goes away: it has not quit its groups.
    client.on('close', forget);
    client.on('error', () => client.terminate());
    listen(client, session);
    return session;
  };

  /** Answers each frame. Joining and quitting are waited for by what comes after them; all else is not. */
  const listen = (client: WebSocket, session: Session) => {
    let settled: Promise<unknown> = Promise.resolve();
    const reply = (id: string | number | null, ErrorCode = 0, ErrorInfo = '', fields: object = {}) =>
      client.send(JSON.stringify({ id, ErrorCode, ErrorInfo, ...fields }));

    client.on('message', (data, isBinary) => {
      if (isCut(session)) return client.terminate();
      const parsed = isBinary ? { id: null } : parseFrame(data.toString());
      if ('id' in parsed) return reply(parsed.id, 60003, 'not a frame');
      const { frame } = parsed;
      const answered = settled
        .then(() => runFrame(im, session, frame))
        .then(
          (fields) => reply(frame.id, 0, '', fields),
          (error: unknown) => {
            if (error instanceof ImRefusal) return reply(frame.id, error.code, error.message);
            console.error(error);
            reply(frame.id, internalError, 'the local IM failed; its terminal says why');
          },
        );
      if (frame.op === 'join' || frame.op === 'quit') settled = answered;
    });
  };

  /** Whether it was ordered that the connection breaks off here. */
  const isCut = ({ account }: Session): boolean => {
    const fault = faults.take('socket');
    if (fault)
      feed.begin()({ kind: 'upstream', service: 'IM', command: 'socket', request: { account }, outcome: 'cut' });
    return fault !== undefined;
  };

  return {
    upgrade,
    close() {
      clearInterval(expiring);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
};

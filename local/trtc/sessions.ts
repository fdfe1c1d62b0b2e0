import { type WebSocket, WebSocketServer } from 'ws';
import type { Upgrade } from '../upgrades.ts';
import { type EntryOptions, EntryRefusal, readEntry } from './entry.ts';
import type { Rooms } from './rooms.ts';

/** Our own close codes. The reason of the first is a text, of the others the event that was pushed before. */
const closeCodes = { refused: 4001, removed: 4002, dismissed: 4003, evicted: 4004 } as const;
/** A client that leaves says so; one that does not has timed out. Source: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const normalCodes = [1000, 1005];
/** Clients have nothing to say. */
const maxFrameBytes = 1024;

export interface Sessions {
  upgrade: Upgrade;
  /** Hangs up on every client; all have left their rooms then. */
  close(): Promise<void>;
}

/**
 * The clients' connections, `ws://…/trtc?sdkappid=&userid=&usersig=&roomid=&privatemapkey=`: to be connected is to be in
 * the room. Pushes `{event: "entered", roomId, privileges}`, and `evicted`, `removed` or `dismissed` before it hangs up.
 */
export const createSessions = (options: EntryOptions & { rooms: Rooms }): Sessions => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });

  const open = (client: WebSocket, query: URLSearchParams) => {
    client.on('error', () => client.terminate());
    const { userId, roomId, privileges } = readEntry(query, options);
    const push = (event: object) => client.send(JSON.stringify(event));
    const leave = options.rooms.enter({
      userId,
      roomId,
      expel(why) {
        push({ event: why });
        client.close(closeCodes[why], why);
      },
    });
    client.on('close', (code) => leave(normalCodes.includes(code) ? 'normal' : 'timeout'));
    push({ event: 'entered', roomId, privileges });
  };

  const hangUp = async (client: WebSocket) => {
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.terminate();
    await closed;
  };

  return {
    upgrade: ({ request, socket, head, query }) =>
      sockets.handleUpgrade(request, socket, head, (client) => {
        try {
          open(client, query);
        } catch (error) {
          if (!(error instanceof EntryRefusal)) throw error;
          client.close(closeCodes.refused, error.message);
        }
      }),
    async close() {
      await Promise.all([...sockets.clients].map(hangUp));
      sockets.close();
    },
  };
};

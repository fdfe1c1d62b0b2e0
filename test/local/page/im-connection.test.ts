import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerLost, ImRefusal, type Sig } from '../../../local/page/app/im/frames.ts';
import { createImConnection, type Socket } from '../../../local/page/app/im/im-connection.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const sigOf = (userSig: string, refreshInSeconds = 3600): Sig => ({
  sdkAppId: 1400000000,
  userId: 's1',
  userSig,
  refreshAt: (now + refreshInSeconds * 1000) / 1000,
});

beforeEach(() => void vi.useFakeTimers({ now }));
afterEach(() => void vi.useRealTimers());

/** A connection whose sockets the test opens, answers and cuts. */
const start = (renewSig: () => Promise<Sig> = async () => sigOf('renewed')) => {
  const sockets: (Socket & { url: string; sent: { id: number; op: string; userSig?: string }[]; isClosed: boolean })[] =
    [];
  const opened: number[] = [];
  const connection = createImConnection({
    url: 'ws://127.0.0.1/im',
    openSocket(url) {
      const socket: (typeof sockets)[number] = {
        url,
        sent: [],
        isClosed: false,
        send: (text) => void socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.isClosed = true;
        },
        onopen: null,
        onmessage: null,
        onclose: null,
      };
      sockets.push(socket);
      return socket;
    },
    sig: sigOf('first'),
    renewSig,
    onOpen: () => opened.push(sockets.length),
    onPush: () => {},
  });
  const latest = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('There is no socket.');
    return socket;
  };
  return {
    connection,
    sockets,
    opened,
    status: () => connection.status.value,
    sigsUsed: () => sockets.map(({ url }) => new URL(url).searchParams.get('usersig')),
    sent: () => latest().sent,
    open: () => latest().onopen?.(),
    answer(answer: object, frame = latest().sent.at(-1)) {
      latest().onmessage?.({ data: JSON.stringify({ id: frame?.id, ErrorCode: 0, ErrorInfo: '', ...answer }) });
    },
    cut: (code = 1006, reason = '') => latest().onclose?.({ code, reason }),
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
};

const join = { op: 'join', groupId: 'c1_chat' } as const;

describe('a connection to IM', () => {
  it('answers what is asked, or throws the refusal with its code', async () => {
    const im = start();
    im.open();

    const asked = im.connection.ask(join);
    im.answer({});
    await expect(asked).resolves.toMatchObject({ ErrorCode: 0 });

    const refused = im.connection.ask(join);
    im.answer({ ErrorCode: 10007, ErrorInfo: 'no' });
    await expect(refused).rejects.toThrow(ImRefusal);
  });

  it('comes back after a cut, and says of what was under way that its answer is lost', async () => {
    const im = start();
    im.open();
    const asked = im.connection.ask(join);

    im.cut();
    await expect(asked).rejects.toThrow(AnswerLost);
    expect(im.status()).toBe('reconnecting');
    await im.pass(300);
    im.open();

    expect(im.status()).toBe('open');
    expect(im.opened).toEqual([1, 2]);
  });

  it('waits for it with what is asked meanwhile, but not for ever', async () => {
    const im = start();
    const asked = im.connection.ask(join);
    const given = expect(asked).rejects.toThrow(AnswerLost);
    await im.pass(8000);
    await given;

    const later = im.connection.ask(join);
    im.open();
    await im.pass(0);
    im.answer({});
    await expect(later).resolves.toMatchObject({ ErrorCode: 0 });
  });

  it('gives way to another login of the same user, and takes its place back when told to', async () => {
    const im = start();
    im.open();

    im.cut(4002, 'login elsewhere');
    await im.pass(60_000);
    expect([im.status(), im.sockets.length]).toEqual(['elsewhere', 1]);

    im.connection.takeBack();
    im.open();
    expect(im.status()).toBe('open');
  });
});

describe('a sig that IM does not take', () => {
  it('is replaced once, and then IM does not want this user', async () => {
    const im = start();

    im.open();
    im.cut(4001, '70003 bad sig');
    await im.pass(300);
    expect(im.sigsUsed()).toEqual(['first', 'renewed']);
    im.open();
    im.cut(4001, '70003 bad sig');
    await im.pass(60_000);

    expect([im.status(), im.sockets.length]).toEqual(['refused', 2]);
  });

  it('is asked for again and again, and slowly, as long as there is none to be had', async () => {
    let asked = 0;
    const im = start(async () => {
      asked += 1;
      if (asked < 4) throw new Error('502');
      return sigOf('renewed');
    });
    im.open();

    im.cut(4003, 'usersig expired');
    for (let round = 0; round < 3; round += 1) {
      await im.pass(8000);
      if (im.sigsUsed().at(-1) === 'renewed') break;
      im.open();
      im.cut(4001, '70001 expired');
    }
    await im.pass(8000);

    expect(im.status()).toBe('reconnecting');
    expect(im.sigsUsed().at(-1)).toBe('renewed');
    expect(asked).toBeLessThanOrEqual(8);
  });
});

describe('a sig that will run out', () => {
  it('is renewed before that, in the same session', async () => {
    const im = start();
    im.open();

    await im.pass(3600_000);
    expect(im.sent()).toMatchObject([{ op: 'renew', userSig: 'renewed' }]);
    im.answer({});

    expect([im.status(), im.sockets.length]).toEqual(['open', 1]);
  });

  it('is offered again soon when IM did not take the new one', async () => {
    const im = start();
    im.open();

    await im.pass(3600_000);
    im.answer({ ErrorCode: 10002, ErrorInfo: 'try again' });
    await im.pass(8000);

    expect(im.sent().map(({ op }) => op)).toEqual(['renew', 'renew']);
  });
});

describe('a connection that is closed', () => {
  it('stays so, whatever was under way', async () => {
    let renew = (_: Sig) => {};
    const im = start(() => new Promise((resolve) => (renew = resolve)));
    im.open();
    im.cut(4003, 'usersig expired');

    im.connection.close();
    renew(sigOf('renewed'));
    await im.pass(24 * 3600_000);

    expect([im.status(), im.sockets.length]).toEqual(['closed', 1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

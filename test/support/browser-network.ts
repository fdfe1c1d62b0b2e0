import type { Page, WebSocket } from 'playwright-core';

/** Holds back what a page asks of such addresses, until the answered function lets it go. */
export const holdRequests = async (page: Page, address: RegExp): Promise<() => void> => {
  const { isOpen, open } = createGate();
  await page.route(address, async (route) => {
    await isOpen;
    await route.continue();
  });
  return open;
};

const createGate = () => {
  let open = () => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
};

/** Passes a page's WebSockets of such addresses on; while they are held, no new one opens. */
export const holdSockets = async (page: Page, address: RegExp) => {
  let gate = createGate();
  gate.open();
  await page.routeWebSocket(address, async (socket) => {
    await gate.isOpen;
    socket.connectToServer();
  });
  return {
    hold() {
      gate = createGate();
    },
    letGo: () => gate.open(),
  };
};

/** The next thing of a kind that a page asks of IM, with the answer. */
export const nextExchange = (socket: WebSocket, op: string): Promise<{ question: object; answer: object }> =>
  new Promise((resolve) => {
    let question: { id: number; op: string } | undefined;
    socket.on('framesent', ({ payload }) => {
      const frame = JSON.parse(String(payload));
      if (frame.op === op) question ??= frame;
    });
    socket.on('framereceived', ({ payload }) => {
      const answer = JSON.parse(String(payload));
      if (question && answer.id === question.id) resolve({ question, answer });
    });
  });

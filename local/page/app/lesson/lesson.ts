import { computed, effect, signal } from '@preact/signals';
import type { ClassroomClient, Reply } from '../../../../client/classroom.ts';
import { ImRefusal, type Push } from '../im/frames.ts';
import { createImConnection, type Socket } from '../im/im-connection.ts';
import type { Person } from '../session.ts';
import { storedSignal } from '../stored.ts';
import { createChat } from './chat.ts';
import { noticeSentence } from './notice-sentence.ts';
import { createPeople } from './people.ts';
import { type Named, type Notice, readMessage, type Said, toMessage } from './wire.ts';

/** `elsewhere`: another tab of the same user has taken over. */
export type LessonPhase = 'connecting' | 'live' | 'reconnecting' | 'elsewhere' | 'refused' | 'removed' | 'over';

/** A comment on its way over the board. */
export interface Flying {
  key: number;
  text: string;
  color: string | undefined;
  isOwn: boolean;
}

export interface LessonOptions {
  client: ClassroomClient;
  imUrl: string;
  joined: Reply<'join-class'>;
  person: Person;
}

type BoardListener = (data: unknown, userId: string) => void;

const clockReportMs = 60_000;
const alreadyIn = 10013;
const tries = 3;
const enterAgainMs = 2000;

/** A class that one is in: what is heard and seen there, and what one can do. `close` when it is left. */
export const createLesson = ({ client, imUrl, joined, person }: LessonOptions) => {
  const { class: lesson, sig, role } = joined;
  const { classId, chatGroupId, replayGroupId, teacherId } = lesson;
  const { userId } = sig;

  const ending = signal<'removed' | 'over' | undefined>(undefined);
  /** Whether the ChatGroup has let this login in. */
  const isIn = signal(false);
  let hasBeenIn = false;
  let enterTimer: number | undefined;
  const mayDraw = signal(joined.board);
  const likes = signal(0);
  const boardListeners = new Set<BoardListener>();
  const commentListeners = new Set<(comment: Flying) => void>();
  const likeListeners = new Set<(count: number) => void>();

  const im = createImConnection({
    url: imUrl,
    openSocket: (url) => new WebSocket(url) as Socket,
    sig,
    renewSig: () => client.call('issue-sig', {}),
    onOpen: () => void enter(),
    onPush: (push) => take(push),
  });
  const people = createPeople({
    ask: im.ask,
    chatGroupId,
    replayGroupId,
    teacherId,
    seesBoardHolders: () => mayDraw.value,
  });
  people.learn([person]);
  /** Those whom the caller has removed: nobody else tells. */
  const removed = storedSignal<readonly Named[]>(localStorage, `classroom.removed.${userId}.${classId}`, []);
  const send = (groupId: string, said: Said) => im.ask({ op: 'send', groupId, message: toMessage(said) });
  const chat = createChat({
    userId,
    send: (text) => send(chatGroupId, { type: 'danmaku', text }),
  });

  /** After a cut, too: a new login is in no AVChatRoom. */
  const enter = async () => {
    isIn.value = false;
    clearTimeout(enterTimer);
    try {
      await im.ask({ op: 'join', groupId: chatGroupId });
    } catch (error) {
      if (!(error instanceof ImRefusal)) return;
      if (error.code !== alreadyIn) return turnAway();
    }
    if (hasBeenIn) chat.gap();
    hasBeenIn = true;
    isIn.value = true;
    await findOutBoard();
    await people.refresh();
  };

  /** IM says no to whoever was removed, to everybody when the class is over, and when it could not find out. */
  const turnAway = async () => {
    const now = await client.call('get-class', { classId }).catch(() => undefined);
    if (now?.status === 'ended') leaveFor('over');
    else if (now && !('chatGroupId' in now)) leaveFor('removed');
    else enterTimer = setTimeout(enter, enterAgainMs);
  };

  const leaveFor = (why: 'removed' | 'over') => {
    ending.value ??= why;
    im.close();
  };

  /** Whoever holds the board is in the ReplayGroup, and only they can ask who is. */
  const findOutBoard = async () => {
    try {
      await im.ask({ op: 'members', groupId: replayGroupId });
      mayDraw.value = true;
    } catch (error) {
      if (error instanceof ImRefusal) mayDraw.value = false;
    }
  };

  const take = (push: Push) => {
    if (push.groupId === replayGroupId && push.event === 'system') void people.refresh();
    if (push.groupId !== chatGroupId) return;
    if (push.event === 'kicked') return leaveFor('removed');
    if (push.event === 'system' && push.kind === 'destroyed') return leaveFor('over');
    if (push.event === 'system') return void people.refresh();
    const said = readMessage(push);
    if (said) hear(said, push.From_Account ?? '');
  };

  const hear = (said: Said, from: string) => {
    switch (said.type) {
      case 'danmaku': {
        const { key, text } = chat.heard(from, said.text);
        const comment = { key, text, color: said.color, isOwn: from === userId };
        for (const listener of commentListeners) listener(comment);
        return;
      }
      case 'like':
        likes.value += said.count;
        for (const listener of likeListeners) listener(said.count);
        return;
      case 'notice':
        people.learn(said.users ?? []);
        chat.notice(said);
        if (said.event) void people.refresh();
        if (said.event) void findOutBoard();
        return;
      case 'board':
        for (const listener of boardListeners) listener(said.data, from);
        return;
    }
  };

  /** Sends again after a cut, for what does no harm twice. */
  const sendSurely = async (groupId: string, said: Said) => {
    for (let left = tries; ; left -= 1) {
      try {
        return await send(groupId, said);
      } catch (error) {
        if (error instanceof ImRefusal) void findOutBoard();
        if (error instanceof ImRefusal || left === 1) throw error;
      }
    }
  };

  /** A stroke goes into both groups. Whoever reads it knows a part that comes twice. */
  const draw = async (data: unknown): Promise<void> => {
    await Promise.all([chatGroupId, replayGroupId].map((groupId) => sendSurely(groupId, { type: 'board', data })));
  };

  /** Tells everybody what the caller has just changed: IM itself is silent about it. */
  const tell = async (notice: Omit<Notice, 'type' | 'text'>) => {
    const text = noticeSentence({ type: 'notice', text: '', ...notice });
    await sendSurely(chatGroupId, { type: 'notice', ...notice, text }).catch(() => {});
    await people.refresh();
  };
  const named = (id: string) => ({ userId: id, name: people.nameOf(id) });

  // The replay sets the strokes of each who draws beside ours by their clock.
  const stopClock = effect(() => {
    if (!mayDraw.value) return;
    const report = () => client.call('report-clock', { classId, clock: Date.now() }).catch(() => {});
    void report();
    const timer = setInterval(report, clockReportMs);
    return () => clearInterval(timer);
  });
  const stopWatching = effect(() => {
    if (im.status.value !== 'open') isIn.value = false;
  });
  const goAway = () => void im.ask({ op: 'quit', groupId: chatGroupId }).catch(() => {});
  addEventListener('pagehide', goAway);

  return {
    lesson,
    role,
    userId,
    /** An admin who comes in is a student in the class: what they change, they cannot announce. */
    mayMute: role !== 'student',
    mayLead: role === 'teacher',
    mayEnd: role === 'teacher' || person.role === 'admin',
    phase: computed<LessonPhase>(() => {
      if (ending.value) return ending.value;
      const status = im.status.value;
      if (status === 'open' || status === 'closed') return isIn.value ? 'live' : 'connecting';
      return status;
    }),
    chat,
    people,
    removed: computed(() => removed.value),
    roleOf: (id: string): typeof role =>
      id === teacherId ? 'teacher' : lesson.assistantIds.includes(id) ? 'assistant' : 'student',
    likes: computed(() => likes.value),
    mayDraw: computed(() => mayDraw.value),
    draw,
    onBoard: (listener: BoardListener) => subscribe(boardListeners, listener),
    onComment: (listener: (comment: Flying) => void) => subscribe(commentListeners, listener),
    onLike: (listener: (count: number) => void) => subscribe(likeListeners, listener),
    like: (count: number) => send(chatGroupId, { type: 'like', count }),
    takeBack: im.takeBack,

    async setBoard(id: string, isGranted: boolean) {
      await client.call(isGranted ? 'grant-board' : 'revoke-board', { classId, userId: id });
      await tell({ event: 'board', users: [named(id)], board: isGranted });
    },
    async mute(id: string, seconds: number) {
      await client.call('mute-member', { classId, userId: id, seconds });
      await tell({ event: 'mute', users: [named(id)], seconds });
    },
    async muteClass(isMuted: boolean) {
      await client.call('mute-class', { classId, muted: isMuted });
      await tell({ event: 'mute-class', muted: isMuted });
    },
    async remove(id: string) {
      await client.call('remove-member', { classId, userId: id });
      removed.value = [...removed.value.filter(({ userId: other }) => other !== id), named(id)];
      await people.refresh();
    },
    async restore(id: string) {
      await client.call('restore-member', { classId, userId: id });
      removed.value = removed.value.filter(({ userId: other }) => other !== id);
    },
    async end() {
      await client.call('end-class', { classId });
      leaveFor('over');
    },
    close() {
      stopClock();
      stopWatching();
      clearTimeout(enterTimer);
      removeEventListener('pagehide', goAway);
      goAway();
      im.close();
    },
  };
};

export type LessonInProgress = ReturnType<typeof createLesson>;

const subscribe = <T>(listeners: Set<T>, listener: T) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

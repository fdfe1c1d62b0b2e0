import { AppError, type ErrorCode } from '../../lib/errors.ts';
import type { Trtc } from '../../lib/trtc/client.ts';

/** A TRTC in memory: what it was told, and failures that are ordered. */
export const createTestTrtc = () => {
  const calls: { action: 'DismissRoom' | 'RemoveUser'; roomId: number; userId?: string }[] = [];
  const failures: { code: ErrorCode; isDone: boolean }[] = [];
  const call = async (made: (typeof calls)[number]): Promise<void> => {
    const failure = failures.shift();
    if (!failure || failure.isDone) calls.push(made);
    if (failure) throw new AppError(failure.code, 'The room service failed. Try again.');
  };
  const client: Trtc = {
    dismissRoom: (roomId) => call({ action: 'DismissRoom', roomId }),
    removeUser: (roomId, userId) => call({ action: 'RemoveUser', roomId, userId }),
  };
  return {
    client,
    calls,
    /** The next call fails: not done, or done with its reply lost. */
    failNext: (code: ErrorCode, { isDone = false } = {}) => void failures.push({ code, isDone }),
    takeCalls: () => calls.splice(0),
  };
};

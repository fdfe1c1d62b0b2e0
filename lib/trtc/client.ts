import type { CloudCredentials } from '../config.ts';
import { AppError } from '../errors.ts';
import { createCloudApi } from '../http/cloud-api.ts';

export interface TrtcOptions {
  apiUrl: string;
  sdkAppId: number;
  credentials(): CloudCredentials;
}

export interface Trtc {
  /** Puts everybody out and closes the room; one that nobody is in is no error. */
  dismissRoom(roomId: number): Promise<void>;
  /** Puts somebody out, who can come back with a valid PrivateMapKey; somebody who is not in is no error. */
  removeUser(roomId: number, userId: string): Promise<void>;
}

/** There is nobody to put out. Source: https://cloud.tencent.com/document/product/647/34268 */
const nobodyThere: readonly unknown[] = [
  'FailedOperation.RoomNotExist',
  'FailedOperation.UserNotExist',
  'InternalError.UserNotExist',
];

/**
 * Room management of TRTC, 20 calls a second. Each method can be repeated, and throws `UPSTREAM_FAILED`,
 * `UPSTREAM_TIMEOUT` or `RATE_LIMITED`.
 * Source: https://cloud.tencent.com/document/product/647/34269
 */
export const createTrtc = ({ apiUrl, sdkAppId, credentials }: TrtcOptions): Trtc => {
  const api = createCloudApi({
    vendor: 'trtc',
    name: 'The room service',
    apiUrl,
    version: '2019-07-22',
    // One of those that serve these actions, wherever the users are.
    region: 'ap-guangzhou',
    // TRTC's own callback, which waits for 5 s, leads here too.
    timeoutMs: 3000,
    credentials,
  });

  const call = async (action: string, request: object): Promise<void> => {
    await api(action, { SdkAppId: sdkAppId, ...request }).catch((error: unknown) => {
      if (!(error instanceof AppError && nobodyThere.includes(error.details.vendorCode))) throw error;
    });
  };

  return {
    dismissRoom: (roomId) => call('DismissRoom', { RoomId: roomId }),
    removeUser: (roomId, userId) => call('RemoveUser', { RoomId: roomId, UserIds: [userId] }),
  };
};

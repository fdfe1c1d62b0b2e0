import * as z from 'zod/mini';
import { type TencentAction, TencentApiError } from '../api/action.ts';
import { type ParameterCodes, parseInput } from '../api/input.ts';
import { numericRoomId, type RoomId, stringRoomId } from './room-id.ts';
import type { Rooms } from './rooms.ts';

export interface TrtcActionsOptions {
  sdkAppId: number;
  rooms: Rooms;
}

const numericRoom = { SdkAppId: z.int(), RoomId: numericRoomId };
const stringRoom = { SdkAppId: z.int(), RoomId: stringRoomId };
const users = { UserIds: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(10)) };

const codes: ParameterCodes = {
  missing: (name) => `MissingParameter.${name}`,
  invalid: (name) => `InvalidParameter.${name}`,
};

/**
 * TRTC's room management as entries of the API's `services`.
 * Source: https://cloud.tencent.com/document/product/647/34269 and https://cloud.tencent.com/document/product/647/34268
 */
export const createTrtcActions = ({ sdkAppId, rooms }: TrtcActionsOptions) => {
  const action = <T extends { SdkAppId: number; RoomId: RoomId }>(
    schema: z.ZodMiniType<T>,
    run: (input: T) => void,
  ): TencentAction => ({
    service: 'trtc',
    version: '2019-07-22',
    run(body) {
      const input = parseInput(schema, body, codes);
      if (input.SdkAppId !== sdkAppId)
        throw new TencentApiError('FailedOperation.SdkAppIdNotExist', 'The application does not exist.');
      if (!rooms.isOpen(input.RoomId))
        throw new TencentApiError('FailedOperation.RoomNotExist', 'The room does not exist.');
      run(input);
      return {};
    },
  });
  const dismiss = ({ RoomId }: { RoomId: RoomId }) => rooms.dismiss(RoomId);
  const remove = ({ RoomId, UserIds }: { RoomId: RoomId; UserIds: string[] }) => {
    if (!rooms.remove(RoomId, UserIds))
      throw new TencentApiError('FailedOperation.UserNotExist', 'None of the users is in the room.');
  };

  return {
    DismissRoom: action(z.strictObject(numericRoom), dismiss),
    DismissRoomByStrRoomId: action(z.strictObject(stringRoom), dismiss),
    RemoveUser: action(z.strictObject({ ...numericRoom, ...users }), remove),
    RemoveUserByStrRoomId: action(z.strictObject({ ...stringRoom, ...users }), remove),
  };
};

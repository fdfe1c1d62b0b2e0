import * as z from 'zod/mini';
import { classIdField, textField, timeField, userIdField } from '../../fields.ts';

// What the fields of a class may hold, whoever sets them. Pure: a bundle leaves out those that its function does not have.

const maxAssistants = 100;

export const classNameField = /* @__PURE__ */ textField(1, 100);

/** Each once. */
export const assistantIdsField = /* @__PURE__ */ z.pipe(
  /* @__PURE__ */ z.array(userIdField).check(/* @__PURE__ */ z.maxLength(maxAssistants)),
  /* @__PURE__ */ z.transform((userIds: string[]) => [...new Set(userIds)]),
);

export const passcodeField = /* @__PURE__ */ textField(4, 64);

const noticeFields = () => ({
  classId: classIdField,
  name: classNameField,
  teacherId: userIdField,
  status: z.enum(['scheduled', 'live', 'ended']),
  needsPasscode: z.boolean().check(z.describe('Whether students need a passcode to join.')),
  startsAt: z.optional(timeField),
  endsAt: z.optional(timeField),
});

/** A class as callers see it. */
export const classOutput = /* @__PURE__ */ z.lazy(() =>
  z
    .strictObject({
      ...noticeFields(),
      assistantIds: z.readonly(z.array(userIdField)),
      chatGroupId: z.string().check(z.describe('The IM group (AVChatRoom) that all members are in.')),
      replayGroupId: z
        .string()
        .check(z.describe('The IM group (Private) of who holds the board: what is drawn is kept there.')),
      roomId: z.int().check(z.minimum(1), z.maximum(10_000_000), z.describe("The class's room at TRTC.")),
      createdAt: timeField,
      endedAt: z.optional(timeField),
    })
    .check(z.meta({ id: 'Class', description: 'A class.' })),
);

/** What somebody outside the class may know of it. */
export const classNoticeOutput = /* @__PURE__ */ z.lazy(() =>
  z
    .strictObject(noticeFields())
    .check(z.meta({ id: 'ClassNotice', description: 'What somebody outside a class may know of it.' })),
);

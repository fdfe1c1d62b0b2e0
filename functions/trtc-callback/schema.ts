import * as z from 'zod/mini';
import { textField } from '../../lib/fields.ts';
import type { Description } from '../../lib/scf/description.ts';

/** TRTC's callbacks, in its own spelling. Unknown fields pass: TRTC adds some. Source: https://trtc.io/document/39558 */
export const anyCallback = z.looseObject({ EventGroupId: z.int(), EventType: z.int() });

/** A number, or in some events a string of digits. */
const time = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^\d{1,15}$/))]),
  z.pipe(z.transform(Number), z.int().check(z.minimum(1))),
);
const room = z.union([z.number(), z.string()]);

/** Somebody entered or left. The times are seconds and, in newer callbacks, milliseconds. */
export const visit = z.looseObject({
  EventInfo: z
    .looseObject({
      RoomId: room,
      UserId: z.string(),
      UniqueId: z.optional(z.union([z.number(), textField(0, 100)])),
      EventTs: z.optional(time),
      EventMsTs: z.optional(time),
    })
    .check(z.refine(({ EventTs, EventMsTs }) => EventTs !== undefined || EventMsTs !== undefined)),
});

/** What is missing or unreadable is not known: the file is there all the same. */
const detail = <T>(schema: z.ZodMiniType<T>) => z.catch(z.optional(schema), undefined);

/** Of a recorded file. The times are milliseconds. */
export const fileDetails = z.looseObject({
  UserId: detail(z.string()),
  MediaId: detail(z.string()),
  StartTimeStamp: detail(time),
  EndTimeStamp: detail(time),
});

const task = { RoomId: room, TaskId: textField(1, 128) };
const fileName = textField(1, 500);

/** Files that went to COS. Source: https://trtc.io/document/54914 */
export const cosRecording = z.looseObject({
  EventInfo: z.looseObject({
    ...task,
    Payload: z.looseObject({
      Status: z.int(),
      FileList: z.nullish(z.array(fileName)),
      FileMessage: z.nullish(z.array(z.extend(fileDetails, { FileName: fileName }))),
    }),
  }),
});

/** A file that went to VOD, or did not: then little is told of it. Source: as above. */
export const vodRecording = z.looseObject({
  EventInfo: z.looseObject({
    ...task,
    Payload: z.looseObject({
      Status: z.int(),
      TencentVod: z.nullish(
        z.extend(fileDetails, {
          FileId: z.optional(textField(0, 128)),
          CacheFile: z.optional(textField(0, 500)),
          VideoUrl: detail(z.string()),
        }),
      ),
    }),
  }),
});

/** For the API description: `EventType` decides what else there is. */
export const trtcCallbackInput = /* @__PURE__ */ z.lazy(() =>
  z.union([
    z
      .looseObject({ ...anyCallback.shape, ...visit.shape })
      .check(z.describe('Somebody entered (103) or left (104) a room.')),
    z.looseObject({ ...anyCallback.shape, ...cosRecording.shape }).check(z.describe('Recorded files are in COS.')),
    z.looseObject({ ...anyCallback.shape, ...vodRecording.shape }).check(z.describe('A recorded file is in VOD.')),
    z.looseObject(anyCallback.shape).check(z.describe('Any other event: nothing is done about it.')),
  ]),
);

export const trtcCallbackOutput = /* @__PURE__ */ z.lazy(() => z.strictObject({ code: z.literal(0) }));

export const trtcCallbackDescription: Description<typeof trtcCallbackInput> = {
  subject: 'callbacks',
  text: 'TRTC, as set in its console: https://trtc.io/document/39558. What is not answered with 200 within 5 seconds comes again.',
  problems: {
    RATE_LIMITED: 'TRTC is at its rate limit.',
    UPSTREAM_FAILED: 'The database or TRTC has failed.',
    UPSTREAM_TIMEOUT: 'The database or TRTC did not answer in time.',
  },
};

import * as z from 'zod/mini';
import { textField, userIdField } from '../../fields.ts';

// What the fields of a class may hold, whoever sets them. Pure: a bundle leaves out those that its function does not have.

const maxAssistants = 100;

export const classNameField = /* @__PURE__ */ textField(1, 100);

/** Each once. */
export const assistantIdsField = /* @__PURE__ */ z.pipe(
  /* @__PURE__ */ z.array(userIdField).check(/* @__PURE__ */ z.maxLength(maxAssistants)),
  /* @__PURE__ */ z.transform((userIds: string[]) => [...new Set(userIds)]),
);

export const passcodeField = /* @__PURE__ */ textField(4, 64);

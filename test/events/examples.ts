/** How a function's example event is to be invoked, and what it answers on an empty data directory. */
export interface Example {
  /** Of the function, and of the file in test/fixtures/events. */
  name: string;
  /** `--as`: who signs it in. */
  as?: string;
  /** `--sign`: it is a callback. */
  sign?: boolean;
  /** The reply's status; a timer function's own result. */
  expected: number | object;
}

/** In an order that works: all ask for the class that `create-class` makes, until `end-class` ends it. */
export const examples: readonly Example[] = [
  { name: 'issue-sig', as: 'student:s1', expected: 200 },
  { name: 'verify-sig', as: 'admin:a1', expected: 200 },
  { name: 'create-class', as: 'teacher:t1', expected: 201 },
  { name: 'update-class', as: 'teacher:t1', expected: 200 },
  { name: 'get-class', as: 'teacher:t1', expected: 200 },
  { name: 'list-classes', as: 'teacher:t1', expected: 200 },
  { name: 'join-class', as: 'teacher:t1', expected: 200 },
  { name: 'grant-board', as: 'teacher:t1', expected: 200 },
  { name: 'revoke-board', as: 'teacher:t1', expected: 200 },
  { name: 'mute-member', as: 'teacher:t1', expected: 200 },
  { name: 'mute-class', as: 'teacher:t1', expected: 200 },
  { name: 'remove-member', as: 'teacher:t1', expected: 200 },
  { name: 'restore-member', as: 'teacher:t1', expected: 200 },
  { name: 'send-message', as: 'teacher:t1', expected: 200 },
  { name: 'report-clock', as: 'teacher:t1', expected: 200 },
  { name: 'get-replay', as: 'teacher:t1', expected: 200 },
  { name: 'get-attendance', as: 'teacher:t1', expected: 200 },
  { name: 'vend-cos-credentials', as: 'teacher:t1', expected: 200 },
  { name: 'sign-cos-object', as: 'teacher:t1', expected: 200 },
  { name: 'list-files', as: 'teacher:t1', expected: 200 },
  { name: 'edit-dirty-words', as: 'admin:a1', expected: 200 },
  { name: 'list-dirty-words', as: 'admin:a1', expected: 200 },
  { name: 'im-callback', sign: true, expected: 200 },
  { name: 'trtc-callback', sign: true, expected: 200 },
  { name: 'end-class', as: 'teacher:t1', expected: 200 },
  { name: 'sweep', expected: { repaired: 0, ended: 0, opened: 0, exported: 0, flushed: 0 } },
];

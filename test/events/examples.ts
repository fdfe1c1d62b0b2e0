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

/** In an order that works: `get-class` and `vend-cos-credentials` ask for the class that `create-class` makes. */
export const examples: readonly Example[] = [
  { name: 'issue-sig', as: 'student:s1', expected: 200 },
  { name: 'verify-sig', as: 'admin:a1', expected: 200 },
  { name: 'create-class', as: 'teacher:t1', expected: 201 },
  { name: 'get-class', as: 'teacher:t1', expected: 200 },
  { name: 'vend-cos-credentials', as: 'teacher:t1', expected: 200 },
  { name: 'edit-dirty-words', as: 'admin:a1', expected: 200 },
  { name: 'list-dirty-words', as: 'admin:a1', expected: 200 },
  { name: 'im-callback', sign: true, expected: 200 },
  { name: 'sweep', expected: { repaired: 0, ended: 0, opened: 0, exported: 0, flushed: 0 } },
];

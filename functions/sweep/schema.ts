import * as z from 'zod/mini';

const count = () => z.int().check(z.minimum(0));

export const sweepOutput = /* @__PURE__ */ z.lazy(() =>
  z.strictObject({ repaired: count(), ended: count(), opened: count(), exported: count(), flushed: count() }),
);

export type SweepOutput = z.output<typeof sweepOutput>;

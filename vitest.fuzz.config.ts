import { defineConfig } from 'vitest/config';

/** `npm run test:fuzz`: what takes too long for every test run. */
export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.fuzz.ts'],
    testTimeout: 300_000,
    setupFiles: ['test/support/no-network.ts'],
  },
});

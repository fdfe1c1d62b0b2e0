import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: the page in Chromium, which `npm ci` does not bring. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/global-postgres.ts'],
    // Every file has a local cloud and a browser of its own, on two cores.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    setupFiles: ['test/support/no-network.ts'],
  },
});

/** Says at the end of a run what it was not. */
export const teardown = (): void => {
  console.log('\nThe page was not tried in a browser: that is `npm run test:browser`, which needs Chromium.');
};

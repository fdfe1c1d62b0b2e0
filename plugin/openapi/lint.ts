import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What Redocly's recommended rules say against a place, and why it stays. */
const exceptions = [
  {
    rule: 'no-illogical-composition-keywords',
    place: '#/paths/~1send-message/post/requestBody/content/application~1json/schema/oneOf',
    reason: 'A message without a type is a danmaku, and no other kind can do without one.',
  },
];

/** What is wrong with an API description, a line each. */
export const lintDescription = async (description: string): Promise<string[]> => {
  const found = await lintFromString({
    source: description,
    absoluteRef: 'openapi.json',
    config: await createConfig({ extends: ['recommended'] }),
  });
  return found
    .map(({ ruleId, message, location: [location] }) => ({ ruleId, message, place: location?.pointer ?? '#' }))
    .filter(({ ruleId, place }) => !exceptions.some((known) => known.rule === ruleId && known.place === place))
    .map(({ ruleId, message, place }) => `openapi.json ${place}: ${message} (${ruleId})`);
};

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';
import { screenshotsDir } from './browser.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Looks at a screen in the light, in the dark and narrow: nothing that axe-core objects to, nothing that is too wide, and a
 * picture of it as `.screenshots/<name>-<theme>.png` that shows something.
 */
export const inspectScreen = async (page: Page, name: string): Promise<void> => {
  const dark = await inspectTheme(page, `${name}-dark`, 'dark');
  const light = await inspectTheme(page, `${name}-light`, 'light');
  expect(light.brightness, `${name} is as dark in the light`).toBeGreaterThan(dark.brightness);
  await expectNarrow(page, name);
};

const inspectTheme = async (page: Page, screen: string, colorScheme: 'light' | 'dark') => {
  await page.emulateMedia({ colorScheme });
  await settleColours(page);
  const look = lookAt(await page.screenshot({ path: join(screenshotsDir, `${screen}.png`), fullPage: true }));
  expect(look.drawn, `${screen} is blank`).toBeGreaterThan(leastDrawn);
  await expectAccessible(page, screen);
  return look;
};

/** Colours that are on their way to others have no contrast to be measured. */
const settleColours = (page: Page) =>
  page.evaluate(() => {
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  });

/** A page without anything on it has one colour. */
const leastDrawn = 0.005;

/** How bright a picture is, from 0 to 1, and how much of it has another colour than most of it. */
const lookAt = (picture: Buffer) => {
  const { data } = PNG.sync.read(picture);
  const pixels = data.length / 4;
  const counts = new Map<number, number>();
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUInt32BE(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
    sum += (colour >>> 24) + ((colour >>> 16) & 0xff) + ((colour >>> 8) & 0xff);
  }
  return { brightness: sum / (3 * 0xff * pixels), drawn: 1 - Math.max(...counts.values()) / pixels };
};

const expectAccessible = async (page: Page, screen: string) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
  expect(found, screen).toEqual([]);
};

const narrow = { width: 360, height: 740 };

const expectNarrow = async (page: Page, name: string) => {
  const usual = page.viewportSize() ?? narrow;
  await page.setViewportSize(narrow);
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(overflow, `${name} is wider than ${narrow.width} pixels`).toBeLessThanOrEqual(0);
  await expectAccessible(page, `${name} at ${narrow.width} pixels`);
  await page.setViewportSize(usual);
};

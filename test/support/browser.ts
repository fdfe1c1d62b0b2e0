import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { TestCloud } from './local-cloud.ts';
import { projectDir } from './run.ts';

/** Where pictures of the page are put; git leaves them out. */
export const screenshotsDir = join(projectDir, '.screenshots');

/** Where browsers usually are; `CHROMIUM_PATH` names another one. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** It would look for updates otherwise, and these tests talk to this machine alone. */
const quietly = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
];

const findChromium = (): string => {
  const path = process.env.CHROMIUM_PATH ?? usualPaths.find(existsSync);
  if (path === undefined)
    throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH.');
  return path;
};

/** As whom somebody signs in. */
export interface Person {
  role: 'teacher' | 'student' | 'admin';
  userId: string;
  name: string;
}

export interface Site {
  /** Opens the page on a machine of its own, in English and in the light if nothing else is said. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** Opens it, and signs in. */
  visit(person: Person, options?: BrowserContextOptions): Promise<Page>;
  /** Opens it in another tab of the same browser. */
  openBeside(page: Page): Promise<Page>;
  /** Whom all pages have asked for something so far. */
  origins(): Set<string>;
}

/** A reply with an error is told in the console by the browser, too; the page deals with it. */
const ofBrowser = /^Failed to load resource|^WebSocket connection to /;

/**
 * Starts Chromium for the page of a local cloud, until the test file is done. A test fails when a page throws, complains in
 * its console, opens a dialog of the browser's or asks anything but this machine.
 */
export const openSite = async ({ gateway, post }: TestCloud): Promise<Site> => {
  // A function's first call bundles it, which may take longer than IM waits for an answer.
  await post('im-callback', {});
  const browser = await chromium.launch({ executablePath: findChromium(), args: quietly });
  afterAll(() => browser.close());

  const complaints: string[] = [];
  const origins = new Set<string>();
  const pages: Page[] = [];
  /** What a test opens is closed with it. */
  let ofTest: BrowserContext[] = [];
  beforeEach(() => {
    ofTest = [];
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(pages, task.name);
    await Promise.all(ofTest.map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });

  const asks = (address: string) => {
    const { protocol, hostname, origin } = new URL(address);
    if (['data:', 'blob:'].includes(protocol)) return;
    origins.add(origin);
    if (hostname !== '127.0.0.1') complaints.push(`It asks ${address}`);
  };
  const watch = (page: Page) => {
    pages.push(page);
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !ofBrowser.test(message.text())) complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      complaints.push(`A dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => asks(request.url()));
    page.on('websocket', (socket) => asks(socket.url()));
    return page;
  };

  const open: Site['open'] = async (options) => {
    const context = await browser.newContext({
      baseURL: gateway,
      locale: 'en-GB',
      colorScheme: 'light',
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    ofTest.push(context);
    const page = watch(await context.newPage());
    await page.goto('/');
    return page;
  };

  return {
    open,
    async visit(person, options) {
      const page = await open(options);
      await signIn(page, person);
      return page;
    },
    async openBeside(page) {
      const beside = watch(await page.context().newPage());
      await beside.goto('/');
      return beside;
    },
    origins: () => origins,
  };
};

/** What was to be seen when a test failed: `.screenshots/failed/<its title> <which page>.png`. */
const picture = async (pages: readonly Page[], title: string) => {
  const open = pages.filter((page) => !page.isClosed());
  await Promise.all(
    open.map((page, index) => page.screenshot({ path: join(screenshotsDir, 'failed', `${title} ${index}.png`) })),
  );
};

const roleNames = { teacher: /^(Teacher|老师)/, student: /^(Student|学生)/, admin: /^(Admin|管理员)/ };

/** Signs in by the role picker, in either language. */
export const signIn = async (page: Page, { role, userId, name }: Person): Promise<void> => {
  await page.getByRole('radio', { name: roleNames[role] }).check();
  await page.getByLabel(/^(Name|昵称)$/).fill(name);
  await page.getByLabel(/^(User id|用户 ID)$/).fill(userId);
  await page.getByRole('button', { name: /^(Come in|进入)$/ }).click();
  await page.getByRole('heading', { name: /^(Classes|课堂)$/ }).waitFor();
};

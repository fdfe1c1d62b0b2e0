import { gzipSync } from 'node:zlib';
import type { Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openSite, type Person, signIn } from '../support/browser.ts';
import {
  chatOf,
  chooseFile,
  drawLine,
  enterClass,
  goToClass,
  say,
  seeLines,
  turnTo,
} from '../support/browser-class.ts';
import { holdRequests } from '../support/browser-network.ts';
import { inspectScreen } from '../support/browser-screen.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
const site = await openSite(cloud);
const li: Person = { role: 'teacher', userId: 't1', name: '李老师' };
const lan: Person = { role: 'student', userId: 's2', name: 'Lan' };
const ming: Person = { role: 'student', userId: 's1', name: '小明' };
const authorization = await cloud.signIn('t1', 'teacher', '李老师');
await cloud.post('create-class', { classId: 'geometry', name: 'Geometry' }, authorization);

describe('the first load', () => {
  const isScript = (response: Response) => response.request().resourceType() === 'script';
  const maxBytes = 150 * 1024;

  it('takes at most 150 KB of compressed JavaScript, and the client of COS comes when a file is to be sent', async () => {
    const page = await site.open();
    const scripts: Response[] = [];
    page.on('response', (response) => {
      if (isScript(response)) scripts.push(response);
    });
    await page.reload({ waitUntil: 'networkidle' });
    await page.getByRole('heading', { name: 'A whole class, on this machine' }).waitFor();
    await inspectScreen(page, 'sign-in');
    const bodies = await Promise.all(scripts.map((script) => script.body()));
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)).toBeLessThanOrEqual(maxBytes);
    const namesCos = (body: Buffer) => body.includes('x-cos-');
    expect(bodies.some(namesCos)).toBe(false);

    const loaded = scripts.length;
    await signIn(page, li);
    await enterClass(page, 'geometry');
    await turnTo(page, 'Files');
    expect(scripts).toHaveLength(loaded);
    await chooseFile(page, 'triangle.txt', Buffer.from('3'));
    await page.getByText('Arrived', { exact: true }).waitFor();
    const later = await Promise.all(scripts.slice(loaded).map((script) => script.body()));
    expect(later.some(namesCos)).toBe(true);
  });
});

describe('the list of classes', () => {
  it('has room for classes that are still to come', async () => {
    const page = await site.visit(li);
    const letGo = await holdRequests(page, /list-classes/);
    await page.reload();
    await page.getByRole('status', { name: 'Classes are coming…' }).waitFor();
    await inspectScreen(page, 'list-loading');
    letGo();
    await page.getByRole('link', { name: /Geometry/ }).waitFor();
  });
});

describe('a class that goes on', () => {
  it('has its board and its talk on a wide screen, on a narrow one and in Chinese', async () => {
    const teacher = await site.visit(li);
    const phone = await site.visit(lan, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const chinese = await site.visit(ming, { locale: 'zh-CN' });
    await enterClass(teacher, 'geometry');
    await enterClass(phone, 'geometry');
    await goToClass(chinese, 'geometry');
    await chinese.getByRole('button', { name: '进入课堂' }).click();
    await chinese
      .getByRole('log', { name: '聊天' })
      .getByText(/小明.*加入了课堂/)
      .waitFor();

    await drawLine(teacher, [0.2, 0.8], [0.5, 0.2]);
    await teacher.getByRole('radio', { name: 'Red' }).check({ force: true });
    await drawLine(teacher, [0.5, 0.2], [0.8, 0.8]);
    await teacher.getByRole('radio', { name: 'Blue' }).check({ force: true });
    await drawLine(teacher, [0.8, 0.8], [0.2, 0.8]);
    await say(teacher, 'What is the sum of its angles?');
    await say(phone, '180° — is it always?');
    for (const page of [teacher, phone]) {
      await seeLines(page, 3);
      await chatOf(page).getByText('180°').waitFor();
    }
    await inspectScreen(teacher, 'live-teacher');
    await inspectScreen(phone, 'narrow-live');
    await chinese.getByRole('img', { name: '白板，1 人画了 3 笔。' }).waitFor({ state: 'attached' });
    await inspectScreen(chinese, 'chinese-live');
  });
});

describe('a class that is over', () => {
  it('says so where nothing was drawn', async () => {
    await cloud.post('create-class', { classId: 'silence', name: 'Silence' }, authorization);
    await cloud.post('end-class', { classId: 'silence' }, authorization);
    const page = await site.visit(li);
    await goToClass(page, 'silence');
    await page.getByRole('heading', { name: 'Nothing was drawn' }).waitFor();
    await inspectScreen(page, 'replay-empty');
  });
});

describe('the inspector', () => {
  it('shows each call with its request, its reply and its time, and what a callback decided', async () => {
    const page = await site.visit(li);
    await page.getByRole('button', { name: 'Inspector' }).click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByText('listening').waitFor();
    await enterClass(page, 'geometry');
    await say(page, 'Is this inspected?');

    const callback = inspector.locator('summary', { hasText: 'Group.CallbackBeforeSendMsg' }).first();
    await callback.filter({ hasText: /\d ms.*passed/s }).waitFor();
    await inspectScreen(page, 'inspector');
    await callback.click();
    for (const part of ['Reply', 'Verdict']) await inspector.getByRole('figure', { name: part }).waitFor();
    await inspector.getByRole('figure', { name: 'Request' }).getByText('Is this inspected?').waitFor();
    await inspectScreen(page, 'inspector-open-call');
  });

  it('orders a fault, and shows what the functions did about it', async () => {
    const page = await site.visit(li);
    await page.getByRole('button', { name: 'Inspector' }).click();
    await turnTo(page, 'Faults');
    const stories = page.getByRole('region', { name: 'What the functions did about it' });
    await page.getByRole('button', { name: 'Order: IM makes the group, but its reply is lost' }).click();
    await page.getByRole('region', { name: 'Still to come' }).getByText('once').waitFor();
    await page.getByRole('button', { name: 'New class' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Under a fault');
    await page.getByRole('dialog').getByRole('button', { name: 'Create it' }).click();
    await page.getByRole('heading', { name: 'Under a fault' }).waitFor();
    await stories.getByText('came out well').waitFor();
    await inspectScreen(page, 'faults');
  });
});

describe('all pages', () => {
  it('have asked nobody but the local cloud', () => {
    const { gateway, cloud: tencent, cos } = cloud;
    const sockets = [gateway, tencent].map((origin) => origin.replace('http', 'ws'));
    expect(site.origins()).toEqual(new Set([gateway, tencent, cos, ...sockets]));
  });
});

import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../local/cloud.ts';
import { openSite, type Person, signIn } from '../support/browser.ts';
import {
  chatOf,
  chooseFile,
  drawLine,
  enterClass,
  goToClass,
  hasInkAt,
  say,
  seeLines,
  turnTo,
} from '../support/browser-class.ts';
import { joinByOtherApp } from '../support/browser-im.ts';
import { holdSockets } from '../support/browser-network.ts';
import { inspectScreen } from '../support/browser-screen.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
/** Its tokens come from the app's own login. */
const own = await startTestCloud({ outside: { AUTH_JWT_SECRET: 'what the login service of the app signs with' } });
const site = await openSite(cloud);
const li: Person = { role: 'teacher', userId: 't1', name: '李老师' };
const ming: Person = { role: 'student', userId: 's1', name: 'Ming' };

const authorization = await cloud.signIn('t1', 'teacher', '李老师');
const createClass = (classId: string, fields: object = {}) =>
  cloud.post('create-class', { classId, name: classId, ...fields }, authorization);

/** A token that ran out an hour ago. */
const expiredToken = ({ userId, role, name }: Person, { env }: LocalCloud = cloud) =>
  new SignJWT({ sub: userId, role, name })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.floor(Date.now() / 1000) - 3600)
    .sign(new TextEncoder().encode(env.AUTH_JWT_SECRET));

describe('a function that fails', () => {
  it('with 500 leaves a problem on the screen, and the list comes with another try', async () => {
    const page = await site.visit(li);
    await page.route('**/list-classes', (route) => route.fulfill({ status: 500, body: 'Internal Server Error' }));
    await page.reload();
    await page.getByRole('alert').getByText('That did not work.').waitFor();
    await inspectScreen(page, 'error');
    await page.unroute('**/list-classes');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'No class yet' }).waitFor();
  });

  it('with 502, for IM has refused it, says so, and makes the class with another try', async () => {
    const page = await site.visit(li);
    await cloud.orderFault({ command: 'create_group', errorCode: 10004 });
    await page.getByRole('button', { name: 'New class' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Second try');
    await dialog.getByLabel('Id', { exact: true }).fill('second-try');
    await dialog.getByRole('button', { name: 'Create it' }).click();
    await dialog.getByRole('alert').getByText('A service behind the function failed.').waitFor();
    await dialog.getByText('UPSTREAM_FAILED').waitFor();
    await dialog.getByRole('button', { name: 'Create it' }).click();
    await page.getByRole('heading', { name: 'Second try' }).waitFor();
  });

  it('for want of a gateway says that nothing answers, and works when that is back', async () => {
    const page = await site.visit(li);
    await page.route('**/get-class', (route) => route.abort());
    await goToClass(page, 'second-try');
    await page.getByRole('alert').getByText('Nothing answers. Is the local cloud still running?').waitFor();
    await page.unroute('**/get-class');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Second try' }).waitFor();
  });
});

describe('a token that has run out', () => {
  it('is replaced without a word', async () => {
    const page = await site.open();
    await page.route('**/local/token', async (route) => route.fulfill({ json: { token: await expiredToken(li) } }), {
      times: 1,
    });
    const refused = page.waitForResponse((response) => response.status() === 401);
    await signIn(page, li);
    expect((await refused).url()).toContain('list-classes');
    await page.getByRole('link', { name: /Second try/ }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('that cannot be replaced leads back to the sign-in, which says why', async () => {
    const page = await site.open({ baseURL: own.gateway });
    await page.getByLabel('Token').fill(await expiredToken(li, own));
    await page.getByRole('button', { name: 'Come in' }).click();
    await page.getByRole('alert').getByText('Your token has run out. Sign in again.').waitFor();
    await page.getByLabel('Token').waitFor();
    await inspectScreen(page, 'sign-in-again');
  });
});

describe('a connection to IM that breaks', () => {
  it('is told of, comes back, and brings what was drawn meanwhile', async () => {
    await createClass('broken');
    const teacher = await site.visit(li);
    const student = await site.visit(ming);
    const sockets = await holdSockets(student, /\/im\?/);
    await enterClass(teacher, 'broken');
    await enterClass(student, 'broken');
    await chatOf(student).getByText('Ming came in').waitFor();

    sockets.hold();
    await cloud.orderFault({ command: 'socket' });
    await say(student, 'Can you hear me?');
    await student.getByRole('status').getByText('The connection is gone. Trying again…').waitFor();
    await chatOf(student).getByText('No answer came. It may not have arrived.').waitFor();
    await drawLine(teacher, [0.2, 0.5], [0.8, 0.5]);
    await expect.poll(() => hasInkAt(teacher, [0.5, 0.5])).toBe(true);
    await inspectScreen(student, 'reconnecting');
    expect(await hasInkAt(student, [0.5, 0.5])).toBe(false);

    sockets.letGo();
    await student.getByText('The connection is gone.').waitFor({ state: 'hidden' });
    await expect.poll(() => hasInkAt(student, [0.5, 0.5])).toBe(true);
    await say(student, 'Here I am again');
    await chatOf(teacher).getByText('Here I am again').waitFor();
    await say(teacher, 'Welcome back');
    await chatOf(student).getByText('Welcome back').waitFor();
  });
});

describe('an upload that is cut in the middle', () => {
  it('says how far it came, and goes on from there', async () => {
    await createClass('upload');
    const page = await site.visit(li);
    await enterClass(page, 'upload');
    const sent: string[] = [];
    page.on('requestfinished', (request) => {
      const part = new URL(request.url()).searchParams.get('partNumber');
      if (request.method() === 'PUT' && part !== null) sent.push(part);
    });
    await page.route(/partNumber=3/, (route) => route.abort('connectionreset'));
    await turnTo(page, 'Files');
    await chooseFile(page, 'film.mp4', Buffer.alloc(3 * 1024 * 1024));
    await page.getByText('Interrupted at 66 %').waitFor();
    await inspectScreen(page, 'upload-interrupted');

    await page.unroute(/partNumber=3/);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Arrived', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Download film\.mp4.*3\.0 MB/ }).waitFor();
    expect(sent.sort()).toEqual(['1', '2', '3']);
  });
});

describe('two tabs of one user', () => {
  it('are told apart: the older one stops, says so, and can take over again', async () => {
    await createClass('tabs');
    const older = await site.visit(ming);
    await enterClass(older, 'tabs');
    const newer = await site.openBeside(older);
    await signIn(newer, ming);
    await enterClass(newer, 'tabs');
    await older.getByRole('heading', { name: 'This class is open in another tab' }).waitFor();
    await inspectScreen(older, 'elsewhere');

    await older.getByRole('button', { name: 'Go on here' }).click();
    await newer.getByRole('heading', { name: 'This class is open in another tab' }).waitFor();
    await say(older, 'I am here');
    await chatOf(older).getByText('I am here').waitFor();
  });
});

describe('what others make up', () => {
  const hostile = '<img src=x onerror="alert(1)">';

  it('is shown as text, whether it names a class or is said in it', async () => {
    await createClass('hostile', { name: hostile });
    const page = await site.visit(li);
    await page.getByRole('link', { name: hostile }).waitFor();
    await enterClass(page, 'hostile');
    await page.getByRole('heading', { name: hostile }).waitFor();
    await say(page, hostile);
    await chatOf(page).getByText(hostile).waitFor();
    await page.locator('.danmaku').getByText(hostile).waitFor();
  });

  it('does the board no harm, whatever another app draws on it', async () => {
    await createClass('foreign', { assistantIds: ['h1'] });
    const page = await site.visit(li);
    await enterClass(page, 'foreign');
    const assistant = await cloud.signIn('h1', 'student', 'Hua');
    const session = await joinByOtherApp(cloud, 'foreign', assistant);
    await cloud.post('grant-board', { classId: 'foreign', userId: 'h1' }, authorization);
    const draw = (Data: string) => ({
      op: 'send',
      groupId: 'foreign_chat',
      message: { MsgBody: [{ MsgType: 'TIMCustomElem', MsgContent: { Data, Desc: '', Ext: '' } }] },
    });
    for (const data of ['{"x":1}', 'null', '"text"', '{"stroke":"a","part":-1,"points":[1]}', '[[[]]]'])
      expect(await session.ask(draw(`{"v":1,"type":"board","data":${data}}`))).toMatchObject({ ErrorCode: 0 });
    const line = '{"stroke":"a","part":0,"color":"red","width":56,"points":[2000,5000,8000,5000],"end":true}';
    await session.ask(draw(`{"v":1,"type":"board","data":${line}}`));
    await seeLines(page, 1);
    expect(await hasInkAt(page, [0.5, 0.5])).toBe(true);
    session.close();
  });
});

describe('a reload in the middle of a class', () => {
  it('brings back what was drawn before', async () => {
    await createClass('reload');
    const page = await site.visit(li);
    await enterClass(page, 'reload');
    await drawLine(page, [0.2, 0.5], [0.8, 0.5]);
    await seeLines(page, 1);
    await expect
      .poll(async () => (await cloud.post('get-replay', { classId: 'reload' }, authorization)).body.messages)
      .toContainEqual(expect.objectContaining({ data: expect.objectContaining({ end: true }) }));
    await page.reload();
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect.poll(() => hasInkAt(page, [0.5, 0.5])).toBe(true);
  });
});

describe('the keyboard alone', () => {
  it('signs in, opens a class, says something and looks at who is there', async () => {
    const page = await site.open();
    const focused = page.locator(':focus');
    const tabTo = async (role: 'button' | 'radio' | 'tab' | 'textbox', name: RegExp) => {
      const target = page.getByRole(role, { name });
      await target.waitFor();
      for (let press = 0; press < 30; press += 1) {
        if ((await focused.and(target).count()) > 0) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`The tab key does not reach the ${role} ${name}.`);
    };
    const type = (text: string) => page.keyboard.type(text);
    const press = (key: string) => page.keyboard.press(key);

    await tabTo('button', /^Skip to the content/);
    await press('Enter');
    await tabTo('radio', /^Teacher/);
    await press('ArrowDown');
    await press('ArrowUp');
    await tabTo('button', /^Come in/);
    await press('Enter');

    await tabTo('button', /^New class/);
    await press('Enter');
    await tabTo('textbox', /^Name/);
    await type('Keys');
    await press('Enter');
    await tabTo('button', /^Begin the class/);
    await press('Enter');

    await tabTo('textbox', /^Say something/);
    await type('Look, no mouse');
    await press('Enter');
    await chatOf(page).getByText('Look, no mouse').waitFor();
    await tabTo('tab', /^Chat/);
    await press('ArrowRight');
    await page.getByRole('tab', { name: 'People 1', selected: true }).waitFor();
    await page.getByRole('tabpanel').getByText('李老师').waitFor();
    await tabTo('button', /^End class/);
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
});

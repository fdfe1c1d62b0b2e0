import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openSite, signIn } from '../support/browser.ts';
import {
  chatOf,
  chooseFile,
  drawByFinger,
  drawLine,
  enterClass,
  hasInkAt,
  inkOf,
  say,
  seeLines,
  turnTo,
} from '../support/browser-class.ts';
import { joinByOtherApp, recall } from '../support/browser-im.ts';
import { holdRequests, nextExchange } from '../support/browser-network.ts';
import { inspectScreen } from '../support/browser-screen.ts';
import { startTestCloud } from '../support/local-cloud.ts';

const cloud = await startTestCloud();
const admin = await cloud.signIn('a1', 'admin');
await cloud.post(
  'edit-dirty-words',
  { add: [{ word: 'darn' }, { word: 'heck', action: 'reject' }, { word: 'blast', action: 'drop' }] },
  admin,
);

const site = await openSite(cloud);
const teacher = await site.visit({ role: 'teacher', userId: 't1', name: '李老师' });
const student = await site.visit({ role: 'student', userId: 's1', name: 'Ming' }, { hasTouch: true });
let reloads = 0;
for (const page of [teacher, student]) page.on('load', () => (reloads += 1));

describe('coming in', () => {
  it('begins with an empty list, from which the teacher opens a class with a passcode', async () => {
    await teacher.getByRole('heading', { name: 'No class yet' }).waitFor();
    await inspectScreen(teacher, 'empty');

    await teacher.getByRole('button', { name: 'New class' }).click();
    const dialog = teacher.getByRole('dialog', { name: 'New class' });
    await dialog.getByLabel('Name').fill('Algebra');
    await dialog.getByLabel('Id', { exact: true }).fill('algebra');
    await dialog.getByLabel('Passcode').fill('sesame');
    await dialog.getByLabel('Assistants').fill('h1');
    await inspectScreen(teacher, 'create');
    await dialog.getByRole('button', { name: 'Create it' }).click();

    await teacher.getByRole('heading', { name: 'Algebra' }).waitFor();
    await teacher.getByText('Scheduled').waitFor();
    await teacher.getByRole('link', { name: 'Classes' }).click();
    await teacher.getByRole('link', { name: /Scheduled.*Algebra.*taught by t1/ }).waitFor();
    await inspectScreen(teacher, 'list');
  });

  it('opens the class to the teacher, who is seen to come in', async () => {
    await teacher.getByRole('link', { name: /Algebra/ }).click();
    await teacher.getByRole('button', { name: 'Begin the class' }).click();
    await chatOf(teacher).getByText('李老师 came in').waitFor();
    await teacher.getByText('Live').waitFor();
  });

  it('keeps a student at the door until the passcode is right', async () => {
    await student.getByLabel('Id of a class').fill('algebra');
    await student.getByRole('button', { name: 'Join' }).click();
    await student.getByRole('heading', { name: 'Algebra' }).waitFor();
    await inspectScreen(student, 'door');

    await student.getByLabel('Passcode').fill('guess');
    await student.getByRole('button', { name: 'Come in' }).click();
    await student.getByRole('alert').getByText('You may not do that.').waitFor();
    await inspectScreen(student, 'door-wrong-passcode');

    await student.getByLabel('Passcode').fill('sesame');
    await student.getByRole('button', { name: 'Come in' }).click();
    for (const page of [teacher, student]) {
      await chatOf(page).getByText('Ming came in').waitFor();
      await page.getByRole('tab', { name: 'People 2' }).waitFor();
    }
  });
});

describe('the chat', () => {
  it('carries what is said to both, and flies it over both boards', async () => {
    await say(teacher, 'Good morning');
    await say(student, '老师好');
    for (const page of [teacher, student])
      for (const text of ['Good morning', '老师好']) {
        await chatOf(page).getByText(text).waitFor();
        await page.locator('.danmaku').getByText(text).waitFor();
      }
  });

  it('counts the likes of both on both sides', async () => {
    await student.getByRole('button', { name: 'Like, 0 so far' }).dblclick();
    for (const page of [teacher, student]) await page.getByRole('button', { name: 'Like, 2 so far' }).waitFor();
    await teacher.getByRole('button', { name: 'Like, 2 so far' }).click();
    for (const page of [teacher, student]) await page.getByRole('button', { name: 'Like, 3 so far' }).waitFor();
  });

  it('shows a masked word as the others see it, to its sender too', async () => {
    await say(student, 'well, darn it');
    for (const page of [teacher, student]) await chatOf(page).getByText('well, **** it').waitFor();
    await chatOf(student).getByText('You wrote “well, darn it”.').waitFor();
    expect(await chatOf(teacher).getByText('darn').count()).toBe(0);
  });

  it('shows a refused message to its sender alone, with the reason, and a dropped one as if it had been sent', async () => {
    await say(student, 'what the heck');
    await chatOf(student).getByRole('alert').getByText('it holds a word that is not wanted here').waitFor();
    await inspectScreen(student, 'refused-message');
    await say(student, 'blast');
    await say(student, 'Sorry');
    await chatOf(teacher).getByText('Sorry').waitFor();
    expect(
      await chatOf(teacher)
        .getByText(/heck|blast/)
        .count(),
    ).toBe(0);
    await chatOf(student).getByText('blast').waitFor();
    expect(await chatOf(student).getByText('Not sent').count()).toBe(1);
  });
});

describe('the board', () => {
  it('shows what the teacher draws, where it is drawn', async () => {
    expect(await hasInkAt(student, [0.5, 0.3])).toBe(false);
    await drawLine(teacher, [0.2, 0.3], [0.8, 0.3]);
    for (const page of [teacher, student]) {
      await expect.poll(() => hasInkAt(page, [0.5, 0.3])).toBe(true);
      expect(await hasInkAt(page, [0.5, 0.5])).toBe(false);
    }
  });

  it('sends strokes to the class before all else, and keeps them for the replay', async () => {
    const authorization = await cloud.signIn('h1', 'student', 'Hua');
    const assistant = await joinByOtherApp(cloud, 'algebra', authorization);
    await drawLine(teacher, [0.2, 0.4], [0.8, 0.4]);
    const stroke = await assistant.next(
      ({ From_Account, MsgPriority }) => From_Account === 't1' && MsgPriority === 'High',
    );
    expect(stroke.groupId).toBe('algebra_chat');
    const { type, data } = JSON.parse(stroke.MsgBody[0].MsgContent.Data);
    expect(type).toBe('board');
    await expect
      .poll(async () => (await cloud.post('get-replay', { classId: 'algebra' }, authorization)).body.messages)
      .toContainEqual(expect.objectContaining({ userId: 't1', type: 'board', data }));
    assistant.close();
  });

  it('takes nothing from a student who does not hold it', async () => {
    await student.getByText('The teacher lends the board.').waitFor();
    await drawLine(student, [0.2, 0.9], [0.8, 0.9]);
    await drawLine(teacher, [0.2, 0.5], [0.8, 0.5]);
    await seeLines(student, 3);
    expect(await hasInkAt(student, [0.5, 0.9])).toBe(false);
  });

  it('is lent to a student, who draws with a finger, and taken back', async () => {
    await turnTo(teacher, 'People');
    await teacher.getByRole('button', { name: 'Lend Ming the board' }).click();
    await chatOf(student).getByText('Ming may draw now').waitFor();
    await student.getByRole('radio', { name: 'Red' }).check({ force: true });
    await drawByFinger(student, [0.2, 0.6], [0.8, 0.6]);
    await expect.poll(() => hasInkAt(teacher, [0.5, 0.6])).toBe(true);
    await teacher.getByText('may draw', { exact: true }).waitFor();
    await inspectScreen(teacher, 'people');
    await inspectScreen(student, 'live-student');

    await teacher.getByRole('button', { name: 'Take the board from Ming' }).click();
    await student.getByText('The teacher lends the board.').waitFor();
    await chatOf(student).getByText('Ming gave the board back').waitFor();
  });

  it('loses its last line by an undo, and all by the eraser, which asks first', async () => {
    await drawLine(teacher, [0.2, 0.7], [0.8, 0.7]);
    await expect.poll(() => hasInkAt(student, [0.5, 0.7])).toBe(true);
    await teacher.getByRole('button', { name: 'Undo your last line' }).click();
    await expect.poll(() => hasInkAt(student, [0.5, 0.7])).toBe(false);
    await teacher.getByRole('button', { name: 'Clear the board' }).click();
    await teacher.getByRole('dialog').getByRole('button', { name: 'Clear the board' }).click();
    for (const page of [teacher, student]) {
      await page.getByText(/^(Draw here|Nothing is drawn yet)/).waitFor();
      await expect.poll(() => inkOf(page)).toBe(0);
    }
    await drawLine(teacher, [0.3, 0.2], [0.7, 0.8]);
    await drawLine(teacher, [0.7, 0.2], [0.3, 0.8]);
    await seeLines(student, 2);
  });
});

describe('the teacher', () => {
  it('mutes a student, and lets them speak again', async () => {
    await turnTo(teacher, 'People');
    await teacher.getByRole('button', { name: 'Mute Ming for five minutes' }).click();
    await chatOf(student).getByText('Ming is muted for 5 minutes').waitFor();
    await say(student, 'May I?');
    await chatOf(student).getByText('Not sent: you are muted').waitFor();
    await teacher.getByRole('button', { name: 'Let Ming speak again' }).click();
    await chatOf(student).getByText('Ming may speak again').waitFor();
    await say(student, 'Thank you');
    await turnTo(teacher, 'Chat');
    await chatOf(teacher).getByText('Thank you').waitFor();
    expect(await chatOf(teacher).getByText('May I?').count()).toBe(0);
  });

  it('mutes everybody else at once', async () => {
    await turnTo(teacher, 'People');
    await teacher.getByRole('button', { name: 'Mute everybody' }).click();
    await chatOf(student).getByText('Everybody is muted').waitFor();
    await say(student, 'Nobody hears this');
    await expect.poll(() => chatOf(student).getByText('Not sent: you are muted').count()).toBe(2);
    await teacher.getByRole('button', { name: 'Let everybody speak' }).click();
    await chatOf(student).getByText('Everybody may speak again').waitFor();
    await say(student, 'But this');
    await turnTo(teacher, 'Chat');
    await chatOf(teacher).getByText('But this').waitFor();
    expect(await chatOf(teacher).getByText('Nobody hears this').count()).toBe(0);
  });

  it('removes a student, who stays outside until let in again', async () => {
    await turnTo(teacher, 'People');
    await teacher.getByRole('button', { name: 'Remove Ming' }).click();
    await student.getByRole('heading', { name: 'You were removed from this class' }).waitFor();
    await teacher.getByRole('tab', { name: 'People 1' }).waitFor();
    await inspectScreen(student, 'removed');
    await student.getByRole('button', { name: 'Come in again' }).click();
    await student.getByLabel('Passcode').fill('sesame');
    await student.getByRole('button', { name: 'Come in' }).click();
    await student.getByRole('alert').getByText('You may not do that.').waitFor();

    await teacher.getByRole('button', { name: 'Let in again' }).click();
    await teacher.getByRole('button', { name: 'Let in again' }).waitFor({ state: 'hidden' });
    await student.getByRole('button', { name: 'Come in' }).click();
    await seeLines(student, 2);
    await teacher.getByRole('tab', { name: 'People 2' }).waitFor();
  });
});

describe('the sig', () => {
  it('is renewed before it runs out, without dropping the session, until its owner leaves', async () => {
    const page = await site.open();
    await page.clock.install();
    await page.reload();
    let sockets = 0;
    page.on('websocket', () => (sockets += 1));
    const connecting = page.waitForEvent('websocket');
    await signIn(page, { role: 'student', userId: 's2', name: 'Lan' });
    await enterClass(page, 'algebra', 'sesame');
    await chatOf(page).getByText('Lan came in').waitFor();

    const renewed = page.waitForResponse(/issue-sig/);
    const exchange = nextExchange(await connecting, 'renew');
    await page.clock.fastForward('20:00:00');
    await page.clock.setSystemTime(Date.now());
    const { userSig } = await (await renewed).json();
    expect(await exchange).toMatchObject({ question: { userSig }, answer: { ErrorCode: 0 } });
    await say(page, 'Still here');
    await turnTo(teacher, 'Chat');
    await chatOf(teacher).getByText('Still here').waitFor();
    expect(sockets).toBe(1);

    await page.close();
    await chatOf(teacher).getByText('Lan left').waitFor();
  });
});

describe('the files', () => {
  const courseware = Buffer.alloc(2.5 * 1024 * 1024, 'courseware ');

  it('go up with a bar that says how far they are', async () => {
    const letGo = await holdRequests(teacher, /partNumber=3/);
    await turnTo(teacher, 'Files');
    await teacher.getByRole('heading', { name: 'No file yet' }).waitFor();
    await chooseFile(teacher, 'notes.txt', courseware);
    await teacher.getByText('80 % · 2.0 MB of 2.5 MB').waitFor();
    expect(await teacher.getByRole('progressbar', { name: 'notes.txt' }).getAttribute('value')).toBe('80');
    await inspectScreen(teacher, 'upload');
    letGo();
    await teacher.getByText('Arrived', { exact: true }).waitFor();
    await teacher
      .getByRole('region', { name: 'Courseware' })
      .getByRole('button', { name: /^Download notes\.txt.*2\.5 MB/ })
      .waitFor();
  });

  it('of the teacher are for everybody, and of a student for the teacher', async () => {
    await turnTo(student, 'Files');
    await chooseFile(student, 'homework.txt', Buffer.from('42'));
    await student
      .getByRole('region', { name: 'My homework' })
      .getByRole('button', { name: /homework.txt/ })
      .waitFor();
    await student
      .getByRole('region', { name: 'Courseware' })
      .getByRole('button', { name: /notes.txt/ })
      .waitFor();
    await teacher.getByRole('button', { name: 'Refresh' }).click();
    await teacher
      .getByRole('region', { name: 'Homework of Ming' })
      .getByRole('button', { name: /homework.txt/ })
      .waitFor();
  });

  it('come down as they went up', async () => {
    const [download] = await Promise.all([
      student.waitForEvent('download'),
      student.getByRole('button', { name: /Download notes.txt/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('notes.txt');
    expect((await buffer(await download.createReadStream())).equals(courseware)).toBe(true);
  });
});

describe('the end', () => {
  it('comes to both without a reload', async () => {
    // Somebody at the console of IM takes the first line away, so that the replay has a gap.
    const { body } = await cloud.post('get-replay', { classId: 'algebra' }, await cloud.signIn('t1', 'teacher'));
    await recall(cloud, 'algebra_replay', body.messages[1].seq);
    await teacher.getByRole('button', { name: 'End class' }).click();
    const dialog = teacher.getByRole('dialog', { name: 'End the class?' });
    await inspectScreen(teacher, 'ending');
    await dialog.getByRole('button', { name: 'End it' }).click();
    for (const page of [teacher, student]) {
      await page.getByText(/^Ended /).waitFor();
      await page.getByRole('tab', { name: 'Replay', selected: true }).waitFor();
    }
    expect(reloads).toBe(0);
  });

  it('leaves a replay that plays the strokes, with its gaps marked', async () => {
    const [slider, play] = [student.getByRole('slider'), student.getByRole('button', { name: 'Play', exact: true })];
    await seeLines(student, 2);
    const final = await inkOf(student);
    await student.getByRole('region', { name: 'What is missing' }).getByText('One message was taken back.').waitFor();
    await inspectScreen(student, 'replay-gaps');

    await student.getByRole('radio', { name: '8×' }).check({ force: true });
    await play.click();
    await expect.poll(() => inkOf(student)).not.toBe(final);
    await student.getByRole('button', { name: 'Pause' }).waitFor();
    await inspectScreen(student, 'replay');
    // It stops by itself where the class did, with the board as it was then.
    await play.waitFor();
    expect(await inkOf(student)).toBe(final);

    await slider.focus();
    await student.keyboard.press('Home');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^0:00 of /);
    await expect.poll(() => inkOf(student)).toBe(0);
    await student.keyboard.press('End');
    await expect.poll(() => inkOf(student)).toBe(final);
  });

  it('leaves the attendance to the teacher, as a chart and as a table', async () => {
    await turnTo(teacher, 'Attendance');
    await teacher.getByRole('img', { name: /^A bar for each of 4 people/ }).waitFor();
    const table = teacher.getByRole('table', { name: 'Attendance' });
    for (const name of ['李老师', 'Ming', 'Hua', 'Lan']) await table.getByRole('rowheader', { name }).waitFor();
    await inspectScreen(teacher, 'attendance');
    expect(await student.getByRole('tab', { name: 'Attendance' }).count()).toBe(0);
  });

  it('leaves the files to be read', async () => {
    await turnTo(student, 'Files');
    await student.getByRole('button', { name: /Download notes.txt/ }).waitFor();
    expect(await student.getByRole('button', { name: 'Choose files' }).count()).toBe(0);
    await inspectScreen(student, 'ended');
  });

  it('signs out', async () => {
    await student.getByRole('button', { name: 'Sign out' }).click();
    await student.getByRole('heading', { name: 'A whole class, on this machine' }).waitFor();
    await student.reload();
    await student.getByRole('button', { name: 'Come in' }).waitFor();
    expect(await student.getByText('Algebra').count()).toBe(0);
  });
});

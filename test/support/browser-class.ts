import type { Locator, Page } from 'playwright-core';

/** A place on the board, from 0 to 1 on both axes. */
type Place = readonly [x: number, y: number];

export const chatOf = (page: Page): Locator => page.getByRole('log', { name: 'Chat' });

/** Says something in the class that is open. */
export const say = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Say something' }).fill(text);
  await page.keyboard.press('Enter');
};

/** Turns to one of the tabs beside the board, or of what is left of a class. */
export const turnTo = (page: Page, tab: string): Promise<void> =>
  page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();

/** Goes to the door of a class, as whoever got its address does. */
export const goToClass = (page: Page, classId: string): Promise<unknown> => page.goto(`/#/class/${classId}`);

/** Goes to the door of a class, and in. */
export const enterClass = async (page: Page, classId: string, passcode?: string): Promise<void> => {
  await goToClass(page, classId);
  if (passcode !== undefined) await page.getByLabel('Passcode').fill(passcode);
  await page.getByRole('button', { name: /^(Come in|Begin the class)$/ }).click();
  await chatOf(page).waitFor();
};

/** The sheets of the whiteboard, or of the one in the replay. */
const boardOf = (page: Page): Locator => page.getByRole('img', { name: /^Whiteboard/ }).locator('canvas');

/** Waits until the board says that it has so many lines on it. */
export const seeLines = (page: Page, count: number): Promise<void> =>
  page.getByRole('img', { name: new RegExp(`^Whiteboard.* ${count} lines?\\b`) }).waitFor({ state: 'attached' });

/** Of a movement. */
const steps = 12;

/** Draws one line with the mouse. */
export const drawLine = async (page: Page, from: Place, to: Place): Promise<void> => {
  const box = await boxOf(boardOf(page).first());
  const at = ([x, y]: Place) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps });
  await page.mouse.up();
};

/** Draws one line with a finger, on a page that has touch. */
export const drawByFinger = async (page: Page, from: Place, to: Place): Promise<void> => {
  const box = await boxOf(boardOf(page).first());
  const at = (share: number) => {
    const [x, y] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    return [{ x: box.x + x * box.width, y: box.y + y * box.height }];
  };
  const finger = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', at(0));
  for (let step = 1; step <= steps; step += 1) await touch('touchMove', at(step / steps));
  await touch('touchEnd', []);
  await finger.detach();
};

const boxOf = async (locator: Locator) => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not to be seen.');
  return box;
};

/** How many pixels of the board are painted; of a place, in a small square around it. */
export const inkOf = (page: Page, place?: Place): Promise<number> =>
  boardOf(page).evaluateAll((canvases, around) => {
    const reach = 4;
    const painted = (canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const [left, top] = around ? [around[0] * width - reach, around[1] * height - reach] : [0, 0];
      const area = around ? ([2 * reach, 2 * reach] as const) : ([width, height] as const);
      const { data = [] } = canvas.getContext('2d')?.getImageData(left, top, ...area) ?? {};
      return data.filter((value, index) => index % 4 === 3 && value > 0).length;
    };
    return canvases.reduce((sum, canvas) => sum + painted(canvas as HTMLCanvasElement), 0);
  }, place);

/** Answers whether anything is painted at a place of the board. */
export const hasInkAt = async (page: Page, place: Place): Promise<boolean> => (await inkOf(page, place)) > 0;

/** Chooses a file to be uploaded. */
export const chooseFile = async (page: Page, name: string, bytes: Buffer): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
};

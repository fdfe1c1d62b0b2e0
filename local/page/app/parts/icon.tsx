/** Lines of 24 × 24, drawn with the text's colour. */
const paths = {
  alert: 'M12 8v5m0 3.5v.1M10.3 4 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z',
  back: 'M15 5l-7 7 7 7',
  board: 'M3 4h18v12H3zM8 20l4-4 4 4M7 12c2-4 4-4 5-2s3 2 5-2',
  chart: 'M4 20V4m0 16h16M8 16v-4m4 4V8m4 8v-6',
  chat: 'M4 5h16v11H9l-5 4z',
  check: 'M4 12l5 5L20 6',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  eraser: 'M8 20h12M5 15l9-9 6 6-7 8H9z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  heart: 'M12 20S4 15 4 9.5A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.5C20 15 12 20 12 20Z',
  inspect: 'M4 5h16M4 10h16M4 15h9m4-1 3 3-3 3m-4-3h7',
  language: 'M4 6h9M8.5 4v2m3 0c-1 4-4 7-7 8m2-5c1 2 3 4 5 4.5M13 20l4-9 4 9m-6.7-3h5.4',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  moon: 'M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z',
  mute: 'M12 4a2.5 2.5 0 0 1 2.5 2.5V11A2.5 2.5 0 0 1 12 13.5 2.5 2.5 0 0 1 9.5 11V6.5A2.5 2.5 0 0 1 12 4Zm-6 7a6 6 0 0 0 12 0m-6 6v3M4 4l16 16',
  pause: 'M8 5v14M16 5v14',
  pen: 'M4 20l1-5L16 4l4 4L9 19zM14 6l4 4',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-4 2.5-6 6-6s6 2 6 6m1-9a3 3 0 1 0-1-5.8M18 14.5c2 .7 3 2.5 3 5.5',
  play: 'M7 5l12 7-12 7z',
  plus: 'M12 5v14M5 12h14',
  remove: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-4 2.5-6 6-6 1.5 0 3 .4 4 1.2M15 15l6 6m0-6-6 6',
  send: 'M4 12 20 4l-5 16-3-7z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4',
  undo: 'M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3',
  upload: 'M12 16V4m-5 5 5-5 5 5M4 20h16',
} as const;

/** The icons that there are. */
export type IconName = keyof typeof paths;

/** Decoration: what it stands for is said beside it, or by the button around it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

import { signal } from '@preact/signals';

/** Where in the page somebody is: the list of classes, or one of them. */
export type Route = { name: 'classes' } | { name: 'class'; classId: string };

const parse = (hash: string): Route => {
  const [, classId] = /^#\/class\/([A-Za-z0-9_-]{1,32})$/.exec(hash) ?? [];
  return classId === undefined ? { name: 'classes' } : { name: 'class', classId };
};

/** The route that the address names. */
export const route = signal<Route>(parse(location.hash));

addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

/** The address of a class. */
export const classHref = (classId: string): string => `#/class/${classId}`;
/** The address of the list. */
export const classesHref = '#/';

/** Goes to an address of the page. */
export const goTo = (href: string): void => {
  location.hash = href;
};

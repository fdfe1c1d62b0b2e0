import { createCosOpener } from './cos.ts';

/** Saves a file of a class on the machine of who reads it; the browser asks COS for it itself, by a signed address. */
export const downloaderOf = (classId: string) => {
  const open = createCosOpener(classId, 'download');
  return async ({ key, name }: { key: string; name: string }): Promise<void> => {
    const { cos, at, explain } = await open();
    const address = await new Promise<string>((resolve, reject) => {
      // No lifetime of its own: Tencent's client would count it from when the credentials began.
      const object = { ...at(key), Sign: true, Query: { 'response-content-disposition': attachment(name) } };
      cos.getObjectUrl(object, (error, signed) => (error ? reject(explain(error)) : resolve(signed.Url)));
    });
    // What COS refuses opens beside the page, not in its place.
    Object.assign(document.createElement('a'), { href: address, target: '_blank', rel: 'noopener' }).click();
  };
};

/** Source: https://www.rfc-editor.org/rfc/rfc6266 */
const attachment = (name: string): string => {
  const encoded = encodeURIComponent(name.replace(/^.*\//s, '')).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
};

/** IM's limit on a group's name, in bytes of UTF-8. Source: https://cloud.tencent.com/document/product/269/1615 */
const maxBytes = 30;

/** Cuts a text to what IM takes as a group's name, between code points. */
export const groupName = (text: string): string => {
  let bytes = 0;
  let name = '';
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > maxBytes) break;
    name += char;
  }
  return name;
};

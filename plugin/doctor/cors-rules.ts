/** A rule for pages of other origins, as a bucket has it. */
export interface CorsRule {
  origins: readonly string[];
  methods: readonly string[];
  headers: readonly string[];
  exposed: readonly string[];
}

/** Reads COS's `CORSConfiguration`. Source: https://cloud.tencent.com/document/product/436/8274 */
export const readCorsRules = (xml: string): CorsRule[] =>
  [...xml.matchAll(/<CORSRule>(.*?)<\/CORSRule>/gs)].map(([, rule = '']) => {
    const texts = (name: string) =>
      [...rule.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text.trim());
    return {
      origins: texts('AllowedOrigin'),
      methods: texts('AllowedMethod'),
      headers: texts('AllowedHeader'),
      exposed: texts('ExposeHeader'),
    };
  });

/** What an upload in parts takes: PUT and POST, GET for those that are there, DELETE to give up. */
const neededMethods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
/** What the browser's SDK sends besides the headers that need no rule. */
const neededHeaders = ['authorization', 'x-cos-security-token', 'content-type'];

/** What a page of this origin cannot do with the bucket; the first rule for its origin is the one that counts. */
export const whatIsMissing = (rules: readonly CorsRule[], origin: string): string[] => {
  const rule = rules.find(({ origins }) => origins.some((pattern) => isMatch(pattern, origin)));
  if (!rule) return [`no rule is for ${origin}`];
  const methods = neededMethods.filter((method) => !rule.methods.includes(method));
  const headers = neededHeaders.filter((header) => !rule.headers.some((pattern) => isMatch(pattern, header)));
  const etag = rule.exposed.some((header) => isMatch(header, 'etag')) ? [] : ['ETag'];
  return [
    ...lacking('may not', methods),
    ...lacking('may not send', headers),
    // Without it an upload in parts cannot be completed.
    ...lacking('may not read', etag),
  ].map((lack) => `${origin} ${lack}`);
};

const lacking = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what} ${names.join(', ')}`];

/** A `*` stands for any characters. Source: https://cloud.tencent.com/document/product/436/8279 */
const isMatch = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(text);

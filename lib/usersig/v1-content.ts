const signedFields = [
  'TLS.appid_at_3rd',
  'TLS.account_type',
  'TLS.identifier',
  'TLS.sdk_appid',
  'TLS.time',
  'TLS.expire_after',
  'TLS.userbuf',
] as const;

/**
 * The text that a v1 UserSig signs: one `name:value` line a field, in this order, the values as the JSON has them.
 * `appid_at_3rd` is signed only when the JSON has it (even empty: one official SDK writes `""`), `version` never.
 * Source: https://github.com/tencentyun/tls-sig-api
 */
export const v1Content = (fields: Readonly<Record<string, unknown>>): string =>
  signedFields
    .filter((name) => name in fields)
    .map((name) => `${name}:${fields[name]}\n`)
    .join('');

/** The variables whose values nobody may see: they are in no log, no package and no line of a command. */
export const secretVariables = [
  'TENCENTCLOUD_SECRETKEY',
  'TENCENTCLOUD_SESSIONTOKEN',
  'IM_SECRET_KEY',
  'IM_PRIVATE_KEY',
  'IM_CALLBACK_TOKEN',
  'TRTC_CALLBACK_KEY',
  'AUTH_JWT_SECRET',
  'DATABASE_URL',
] as const;

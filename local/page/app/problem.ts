import { ClassroomError } from '../../../client/classroom.ts';
import { inBoth } from './language.ts';
import { SignInError } from './session.ts';

const text = inBoth({
  en: {
    BAD_REQUEST: 'Something in it is not right.',
    UNAUTHENTICATED: 'You are not signed in.',
    FORBIDDEN: 'You may not do that.',
    NOT_FOUND: 'There is no such thing here.',
    CONFLICT: 'That does not go together with how things are now.',
    GONE: 'This class is over.',
    PAYLOAD_TOO_LARGE: 'That is too much at once.',
    CONTENT_REJECTED: 'It holds a word that is not wanted here.',
    RATE_LIMITED: 'Too many at once. Try again in a moment.',
    QUOTA_EXCEEDED: 'That is all there is for today.',
    INTERNAL: 'The function failed.',
    UPSTREAM_FAILED: 'A service behind the function failed.',
    UPSTREAM_TIMEOUT: 'A service behind the function did not answer.',
    NETWORK: 'Nothing answers. Is the local cloud still running?',
    other: 'That did not work.',
  },
  zh: {
    BAD_REQUEST: '内容有误。',
    UNAUTHENTICATED: '尚未登录或登录已失效。',
    FORBIDDEN: '没有权限。',
    NOT_FOUND: '不存在。',
    CONFLICT: '与当前状态冲突。',
    GONE: '课堂已结束。',
    PAYLOAD_TOO_LARGE: '内容过大。',
    CONTENT_REJECTED: '含有不允许的词。',
    RATE_LIMITED: '太频繁了，请稍后再试。',
    QUOTA_EXCEEDED: '今天的额度已用完。',
    INTERNAL: '函数出错了。',
    UPSTREAM_FAILED: '函数依赖的服务出错了。',
    UPSTREAM_TIMEOUT: '函数依赖的服务没有响应。',
    NETWORK: '没有响应。本地云还在运行吗？',
    other: '操作失败。',
  },
});

/** What went wrong, for a person: a sentence of ours, and what the function itself said. */
export interface Problem {
  code: string;
  sentence: string;
  detail: string;
  requestId?: string | undefined;
}

/** Makes a sentence of whatever was thrown. */
export const problemOf = (error: unknown): Problem => {
  const sentences: Readonly<Record<string, string>> = text();
  if (error instanceof SignInError)
    return { code: 'UNAUTHENTICATED', sentence: text().UNAUTHENTICATED, detail: error.message };
  if (!(error instanceof ClassroomError))
    return { code: 'OTHER', sentence: text().other, detail: error instanceof Error ? error.message : '' };
  const { code, detail, requestId, errors = [] } = error;
  const fields = errors.map(({ path, message }) => `${path} ${message}`.trim());
  return { code, sentence: sentences[code] ?? text().other, detail: [detail, ...fields].join(' '), requestId };
};

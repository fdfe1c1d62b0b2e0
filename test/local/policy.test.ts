import { describe, expect, it } from 'vitest';
import { isAllowed, type Policy, parsePolicy } from '../../local/api/policy.ts';

const put = 'name/cos:PutObject';
const resource = (key: string) => `qcs::cos:ap-shanghai:uid/1250000000:board-1250000000/${key}`;

const statement = (over: object = {}) => ({
  effect: 'allow',
  action: [put],
  resource: [resource('class/42/*')],
  ...over,
});

const policyOf = (...statements: object[]): Policy => {
  const policy = parsePolicy(JSON.stringify({ version: '2.0', statement: statements }));
  if (!policy) throw new Error('The policy of this test is malformed.');
  return policy;
};

describe('parsePolicy', () => {
  it('reads one action and one resource as lists of one', () => {
    expect(policyOf(statement({ action: put, resource: '*' })).statement[0]).toEqual({
      effect: 'allow',
      action: [put],
      resource: ['*'],
    });
  });

  it.each([
    ['text that is not JSON', '{'],
    ['another version', JSON.stringify({ version: '3.0', statement: [statement()] })],
    ['no statement', JSON.stringify({ version: '2.0', statement: [] })],
    ['a principal', JSON.stringify({ version: '2.0', statement: [statement({ principal: { qcs: ['*'] } })] })],
    ['a condition', JSON.stringify({ version: '2.0', statement: [statement({ condition: {} })] })],
    ['an unknown effect', JSON.stringify({ version: '2.0', statement: [statement({ effect: 'Allow' })] })],
    ['an empty list of actions', JSON.stringify({ version: '2.0', statement: [statement({ action: [] })] })],
    ['a resource of another form', JSON.stringify({ version: '2.0', statement: [statement({ resource: 'class/*' })] })],
  ])('refuses %s', (_what, text) => {
    expect(parsePolicy(text)).toBeUndefined();
  });
});

describe('isAllowed', () => {
  it.each([
    ['the prefix', put, resource('class/42/a/b.pdf'), true],
    ['the prefix itself', put, resource('class/42/'), true],
    ['a sibling of the prefix', put, resource('class/421/a.pdf'), false],
    ['the prefix further inside', put, `x${resource('class/42/a.pdf')}`, false],
    ['another region', put, resource('class/42/a').replace('shanghai', 'beijing'), false],
    ['another action', 'name/cos:GetObject', resource('class/42/a'), false],
    ['the action in another case', 'name/cos:putObject', resource('class/42/a'), false],
  ])('judges %s', (_what, action, of, allowed) => {
    expect(isAllowed(policyOf(statement()), action, of)).toBe(allowed);
  });

  it.each([
    ['name/cos:*', true],
    ['*', true],
    ['name/*:PutObject', true],
    ['name/cos:Put*ject*', true],
    ['name/cos:Get*', false],
    ['name/cos:PutObject*Object', false],
  ])('reads * in the action %s', (action, allowed) => {
    expect(isAllowed(policyOf(statement({ action })), put, resource('class/42/a'))).toBe(allowed);
  });

  it('takes every character but * literally', () => {
    const policy = policyOf(statement({ resource: resource('class/4.2/(a)') }));
    expect(isAllowed(policy, put, resource('class/4.2/(a)'))).toBe(true);
    expect(isAllowed(policy, put, resource('class/4x2/(a)'))).toBe(false);
  });

  it('lets a deny win over an allow, in either order', () => {
    const deny = statement({ effect: 'deny', resource: resource('class/42/private/*') });
    for (const policy of [policyOf(statement(), deny), policyOf(deny, statement())]) {
      expect(isAllowed(policy, put, resource('class/42/a'))).toBe(true);
      expect(isAllowed(policy, put, resource('class/42/private/a'))).toBe(false);
    }
  });

  it('does not join the actions of one statement with the resources of another', () => {
    const policy = policyOf(statement(), statement({ action: 'name/cos:GetObject', resource: resource('class/43/*') }));
    expect(isAllowed(policy, put, resource('class/43/a'))).toBe(false);
  });
});

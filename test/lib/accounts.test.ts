import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Accounts, createAccounts } from '../../lib/classroom/members/accounts.ts';
import { createUsers, type Users } from '../../lib/classroom/members/users.ts';
import type { Database } from '../../lib/db/database.ts';
import { ImError } from '../../lib/im/error.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';
import { createTestIm, type TestIm } from '../support/im.ts';

let database: Database;
let clock: TestClock;
let im: TestIm;
let users: Users;
let accounts: Accounts;

beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
});

beforeEach(async () => {
  clock = createClock();
  im = createTestIm({ clock });
  users = createUsers(database);
  accounts = createAccounts({ database, im: im.client, users, clock });
  await database.run((sql) => sql`truncate users`);
});

const imports = () => im.calls.splice(0).map(({ body }) => body);
const refusal = (imCode: number) => new ImError({ command: 'add_group_member', imCode, tries: 1, replyLost: false });

/** Work that fails with these codes, one after the other, and is then done. */
const workFailing = (...imCodes: number[]) => {
  const tries: number[] = [];
  return {
    tries,
    work: async () => {
      tries.push(clock.seconds());
      const imCode = imCodes.shift();
      if (imCode !== undefined) throw refusal(imCode);
      return 'done';
    },
  };
};

describe('an account', () => {
  it('is imported with its nickname', async () => {
    await accounts.importAs('s1', '小明');

    expect(imports()).toEqual([{ Identifier: 's1', Nick: '小明' }]);
  });

  it('is imported without a nickname when none is known', async () => {
    await accounts.importAs('s1', undefined);

    expect(imports()).toEqual([{ Identifier: 's1' }]);
  });

  it('is imported without its nickname when IM refuses that', async () => {
    im.faults.order({ command: 'account_import', times: 1, errorCode: 40005 });

    await accounts.importAs('s1', 'a bad one');

    expect(imports()).toEqual([{ Identifier: 's1', Nick: 'a bad one' }, { Identifier: 's1' }]);
    expect(im.im.state.accounts.get('s1')?.nick).toBe('');
  });

  it('is imported once more when the reply is lost, and no more than that', async () => {
    im.faults.order({ command: 'account_import', times: 1, dropReply: true });
    await accounts.importAs('s1', undefined);
    expect(imports()).toHaveLength(2);

    im.faults.order({ command: 'account_import', times: 2, dropReply: true });
    await expect(accounts.importAs('s2', undefined)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(imports()).toHaveLength(2);
  });

  it.each([70402, 70403])('that IM refuses with %i is not tried again', async (errorCode) => {
    im.faults.order({ command: 'account_import', times: 1, errorCode });

    await expect(accounts.importAs('s1', undefined)).rejects.toMatchObject({ imCode: errorCode });
    expect(imports()).toHaveLength(1);
  });
});

describe('what needs an account', () => {
  it('has it imported first, with the nickname that is known, and once for all times', async () => {
    await users.introduce('s1', '小明');

    expect(await accounts.withAccount('s1', async () => 'first')).toBe('first');
    expect(await accounts.withAccount('s1', async () => 'second')).toBe('second');

    expect(imports()).toEqual([{ Identifier: 's1', Nick: '小明' }]);
    expect(await users.nameOf('s1')).toBe('小明');
  });

  it('has each person’s imported', async () => {
    await accounts.withAccount('s1', async () => {});
    await accounts.withAccount('s2', async () => {});

    expect(imports()).toEqual([{ Identifier: 's1' }, { Identifier: 's2' }]);
  });

  it('is done once more, with the account imported anew, when IM has forgotten it', async () => {
    await accounts.withAccount('s1', async () => {});
    imports();
    clock.advance(60);
    const { work, tries } = workFailing(10019);

    expect(await accounts.withAccount('s1', work)).toBe('done');

    expect(tries).toHaveLength(2);
    expect(imports()).toEqual([{ Identifier: 's1' }]);
    const [row] = await database.run(
      (sql) => sql<{ importedAt: number }[]>`select imported_at as "importedAt" from users where user_id = 's1'`,
    );
    expect(row?.importedAt).toBe(clock.seconds());
  });

  it('is not done a third time', async () => {
    const { work, tries } = workFailing(10019, 10019);

    await expect(accounts.withAccount('s1', work)).rejects.toMatchObject({ imCode: 10019 });
    expect(tries).toHaveLength(2);
  });

  it('is not done again after any other refusal, nor is anything imported for it', async () => {
    await accounts.withAccount('s1', async () => {});
    imports();
    const { work, tries } = workFailing(10014);

    await expect(accounts.withAccount('s1', work)).rejects.toMatchObject({ imCode: 10014 });
    expect(tries).toHaveLength(1);
    expect(imports()).toEqual([]);
  });

  it('is not done when the account cannot be imported, which is then tried again the next time', async () => {
    im.faults.order({ command: 'account_import', times: 1, errorCode: 70402 });
    const { work, tries } = workFailing();

    await expect(accounts.withAccount('s1', work)).rejects.toMatchObject({ imCode: 70402 });
    expect(tries).toHaveLength(0);
    expect(await accounts.withAccount('s1', work)).toBe('done');
    expect(imports()).toHaveLength(2);
  });
});

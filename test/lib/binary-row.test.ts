import { beforeAll, describe, expect, it } from 'vitest';
import { readBinaryRow } from '../../lib/db/binary-row.ts';
import type { Database } from '../../lib/db/database.ts';
import { newDatabaseUrl, openDatabase } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = openDatabase(await newDatabaseUrl());
  await database.run((sql) => sql`create table blobs (size integer, bytes bytea)`);
});

describe('a binary row', () => {
  it('is the bytes of its columns, null for null', async () => {
    const row = await database.run((sql) => readBinaryRow(sql, sql`select 7, null, '\\x00ff'::bytea, 'é', ''::bytea`));
    expect(row).toEqual([Buffer.from([0, 0, 0, 7]), null, Buffer.from([0, 255]), Buffer.from('é'), Buffer.of()]);
  });

  it('is empty when there is none', async () => {
    expect(await database.run((sql) => readBinaryRow(sql, sql`select 1 where false`))).toEqual([]);
  });

  it.each([0, 1, 16_384, 65_536, 5_000_000])(
    'of %i bytes comes whole, again and again, and leaves the connection as it was',
    async (size) => {
      await database.run((sql) => sql`truncate blobs`);
      await database.run((sql) => sql`insert into blobs values (${size}, convert_to(repeat('x', ${size}), 'UTF8'))`);
      for (let times = 0; times < 3; times += 1) {
        const [length, bytes] = await database.run((sql) => readBinaryRow(sql, sql`select size, bytes from blobs`));
        expect([length?.readInt32BE(), bytes?.equals(Buffer.alloc(size, 'x'))]).toEqual([size, true]);
      }
    },
  );

  it('is read among other statements, and others like it', async () => {
    const rows = await Promise.all(
      [1, 2, 3].flatMap((number) => [
        database.run((sql) => readBinaryRow(sql, number === 2 ? sql`select 'two'` : sql`select 'odd'`)),
        database.run((sql) => sql`select ${number}::int as number`),
      ]),
    );
    const [odd, two] = [[Buffer.from('odd')], [Buffer.from('two')]];
    expect(rows).toEqual([odd, [{ number: 1 }], two, [{ number: 2 }], odd, [{ number: 3 }]]);
  });

  it('that cannot be read fails as any statement does', async () => {
    const work = database.run((sql) => readBinaryRow(sql, sql`select 1 / (size - size) from blobs`));
    await expect(work).rejects.toMatchObject({ code: '22012' });
    await expect(database.run((sql) => sql`select 1 as one`)).resolves.toEqual([{ one: 1 }]);
  });
});

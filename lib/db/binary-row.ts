import type { PendingQuery, Row } from 'postgres';
import type { Sql } from './database.ts';

/**
 * Reads a query's first row as the bytes of its columns, `null` for null; none at all without a row. Bytes come as they
 * are, not as hex text of twice the length: several megabytes take a fifth of the time. The query has no parameters.
 * Source: https://www.postgresql.org/docs/18/sql-declare.html, `BINARY`
 */
export const readBinaryRow = async (sql: Sql, query: PendingQuery<Row[]>): Promise<(Buffer | null)[]> => {
  // Statements sent together are one transaction, and the cursor is closed with it.
  const results: unknown = await sql`declare binary_row binary cursor for ${query}; fetch binary_row`.simple().raw();
  const [, rows] = results as (Buffer | null)[][][];
  return rows?.[0] ?? [];
};

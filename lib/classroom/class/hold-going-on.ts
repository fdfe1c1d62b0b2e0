import type { Transaction } from '../../db/database.ts';
import { AppError } from '../../errors.ts';
import { statusesChangedBy } from './class-status.ts';

/**
 * Keeps the class from ending before the transaction does: what this writes is there for whoever ends it. Throws `GONE`
 * when it has ended.
 */
export const holdGoingOn = async (sql: Transaction, classId: string): Promise<void> => {
  const rows = await sql`
    select 1 from classes where class_id = ${classId} and status in ${sql(statusesChangedBy('ended'))} for share`;
  if (rows.length === 0) throw new AppError('GONE', 'This class has ended.');
};

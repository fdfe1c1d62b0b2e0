import type * as z from 'zod/mini';
import type { ErrorCode } from '../errors.ts';

/** The chapters of the API description. */
export type Subject =
  | 'sigs'
  | 'classes'
  | 'members'
  | 'messages'
  | 'replay and attendance'
  | 'files'
  | 'words'
  | 'callbacks';

type FieldOf<Input> = Input extends unknown ? keyof Input & string : never;

/**
 * What the API description says of a function beside its name, its schemas and what all functions have in common. Only the
 * description reads it: no bundle holds it.
 */
export interface Description<Input extends z.core.$ZodType> {
  subject: Subject;
  /** Who may call, and what the schemas cannot say. */
  text: string;
  /** What a field means, where its name and its limits do not say it. */
  fields?: Readonly<Partial<Record<FieldOf<z.input<Input>>, string>>>;
  /** Headers that it reads beside `Authorization`. */
  headers?: Readonly<Record<string, z.core.$ZodType>>;
  /** What its good replies say by their status; 200 is the only one when absent. */
  statuses?: Readonly<Partial<Record<200 | 201, string>>>;
  /** When it answers with a problem of its own, beside those that every function has. */
  problems?: Readonly<Partial<Record<ErrorCode, string>>>;
}

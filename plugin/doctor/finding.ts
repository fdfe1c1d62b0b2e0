/** What one look has found: all is well, or what is wrong and how it is mended, or what nobody can tell from here. */
export type Finding =
  | { verdict: 'ok'; says: string }
  | { verdict: 'wrong'; says: string; fix: string }
  | { verdict: 'cannot be checked'; says: string; fix: string };

/** One thing to look at. */
export interface Check {
  name: string;
  /** Never rejects for what is wrong with the thing itself. */
  look(): Promise<Finding | readonly Finding[]>;
}

export const ok = (says: string): Finding => ({ verdict: 'ok', says });
export const wrong = (says: string, fix: string): Finding => ({ verdict: 'wrong', says, fix });
export const unknown = (says: string, fix: string): Finding => ({ verdict: 'cannot be checked', says, fix });

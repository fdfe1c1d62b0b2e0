/** Whoever changes what a class has at IM and TRTC holds this. */
export const classLock = (classId: string): string => `class:${classId}`;

/** Longer than the opening of two groups takes with IM slow but answering. */
export const waitForClassMs = 20_000;

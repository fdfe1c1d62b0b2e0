/**
 * The newest migration that this code needs; `migrations/` has its file. Functions refuse a database without it, and work
 * with one that has more: a deployment migrates first, and until it is through the functions before it go on. So a migration
 * only adds. What it replaces is dropped by one of a later version, when no function that runs asks for it any more.
 */
export const latestMigration = '0004_compiled_words';

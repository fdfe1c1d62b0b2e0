/** The package brings no types. */
declare module 'fastscan' {
  class FastScan {
    constructor(words: readonly string[]);
    search(text: string): [offset: number, word: string][];
  }
  export = FastScan;
}

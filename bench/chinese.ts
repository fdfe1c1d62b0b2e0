/** Chance that is the same in every run. */
const createChance = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const firstIdeograph = 0x4e00;
const ideographs = 6000;

/** Words and messages of Chinese characters, some much more common than others, as in what people write. */
export const createWriter = (seed = 1) => {
  const chance = createChance(seed);
  const character = () =>
    String.fromCharCode(firstIdeograph + Math.floor((chance(1_000_000) / 1_000_000) ** 2 * ideographs));
  // Joined, not added: a string that is still in parts costs whoever reads it first.
  const characters = (length: number) => Array.from({ length }, character).join('');
  return {
    /** Different words of 2 to 5 characters. */
    words(count: number): string[] {
      const words = new Set<string>();
      while (words.size < count) words.add(characters(2 + chance(4)));
      return [...words];
    },
    /** Messages of that many characters; every tenth holds one of the words. */
    messages(count: number, length: number, words: readonly string[]): string[] {
      return Array.from({ length: count }, (_, index) => {
        const text = characters(length);
        if (index % 10 !== 0) return text;
        const word = words[chance(words.length)] ?? '';
        const at = chance(length - word.length);
        return [...text.slice(0, at), ...word, ...text.slice(at + word.length)].join('');
      });
    },
  };
};

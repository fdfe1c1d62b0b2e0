/**
 * An Aho-Corasick automaton over numbers, in typed arrays. A state is a number; 0 is the start. States are numbered so that
 * a comparison tells what they are: first those of one symbol that end no word, then the others that end none, and from
 * `firstOutput` on those at which a word ends.
 */
export interface Automaton {
  /** The state after each symbol when no word has begun before it; 0 for symbols that begin none. */
  first: Int32Array;
  /** Of each state what `ofState` names. */
  states: Int32Array;
  /** A hash table of states by the state before and the symbol: each with 8 bits of its hash above; 0 is an empty slot. */
  slots: Int32Array;
  /** Which two symbols may be the beginning of a word, as a set of bits: none is missing, some are there for nothing. */
  pairs: Int32Array;
  /** Of each state from `firstOutput` on what `ofOutput` names. */
  outputs: Int32Array;
  /** Of each path: the next one that ends at the same state, -1 for none. */
  alike: Int32Array;
  /** States below have one symbol and end no word. */
  firstLonger: number;
  firstOutput: number;
}

/** What is known of a state, next to each other: reading one of them brings the others along. */
export const ofState = {
  size: 4,
  /** The state before it. */
  before: 0,
  /** The symbol that leads from there to here. */
  by: 1,
  /** Where to go on when no symbol leads on. */
  fallback: 2,
  /** Which symbols may lead on, by their lowest five bits. */
  followers: 3,
} as const;

/** What is known of a state at which paths end. */
export const ofOutput = {
  size: 2,
  /** The first path that ends there, -1 for none. */
  path: 0,
  /** The next shorter state at which a path ends, 0 for none. */
  shorter: 1,
} as const;

/** A hash of two numbers; its upper bits are good. */
export const hashOf = (a: number, b: number): number => Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);

/** A slot's upper 8 bits, by which most of what is looked for in vain is seen to be another without looking there. */
export const tagOf = (hash: number): number => hash << 24;
/** A slot's state: the longest list has fewer than 2^24. */
export const stateIn = (slot: number): number => slot & 0xffffff;

/** Answers whether both bits of a pair's hash are set in its number; a shift takes the lowest five bits of how far. */
export const hasPair = (bits: number, pair: number): boolean => ((bits >>> pair) & (bits >>> (pair >>> 5)) & 1) !== 0;

/** How far to shift a hash right to get a place in a table of this size, a power of two. */
export const shiftFor = (size: number): number => Math.clz32(size) + 1;

const powerOfTwoFrom = (least: number): number => 2 ** Math.max(5, Math.ceil(Math.log2(Math.max(least, 1))));

/** Paths are runs of symbols in one list: path `n` is `symbols[offsets[n]]` up to `offsets[n + 1]`, and none is empty. */
export const buildAutomaton = (symbols: Int32Array, offsets: Int32Array, symbolCount: number): Automaton => {
  const pathCount = offsets.length - 1;
  const trie = growTrie(symbols, offsets, symbolCount);
  const { size, before, by, ends, first, find } = trie;

  // Breadth first: a state's fallback is shorter, so it is known before.
  const order = byDepth(trie.depth, size);
  const fallback = new Int32Array(size);
  const shorter = new Int32Array(size);
  for (let index = 1; index < size; index += 1) {
    const state = order[index] as number;
    const symbol = by[state] as number;
    let from = before[state] as number;
    if (from !== 0) {
      let to = 0;
      do {
        from = fallback[from] as number;
        to = from === 0 ? (first[symbol] as number) : find(from, symbol);
      } while (to === 0 && from !== 0);
      fallback[state] = to;
    }
    const next = fallback[state] as number;
    shorter[state] = ends[next] === -1 ? (shorter[next] as number) : next;
  }

  const isOutput = (state: number) => ends[state] !== -1 || shorter[state] !== 0;
  const renumbered = new Int32Array(size);
  let next = 1;
  const renumber = (wanted: (state: number) => boolean) => {
    for (let index = 1; index < size; index += 1) {
      const state = order[index] as number;
      if (!wanted(state)) continue;
      renumbered[state] = next;
      next += 1;
    }
    return next;
  };
  const firstLonger = renumber((state) => !isOutput(state) && before[state] === 0);
  const firstOutput = renumber((state) => !isOutput(state) && before[state] !== 0);
  renumber(isOutput);

  const slots = new Int32Array(powerOfTwoFrom(2 * size));
  const slotShift = shiftFor(slots.length);
  // Half a number a pair: some two in a hundred others are taken for one.
  const pairs = new Int32Array(powerOfTwoFrom(trie.pairCount / 2));
  const pairShift = shiftFor(pairs.length);
  const states = new Int32Array(ofState.size * size);
  const outputs = new Int32Array(ofOutput.size * (size - firstOutput));
  for (let state = 1; state < size; state += 1) {
    const to = renumbered[state] as number;
    const from = renumbered[before[state] as number] as number;
    const symbol = by[state] as number;
    const place = ofState.size * to;
    states[place + ofState.before] = from;
    states[place + ofState.by] = symbol;
    states[place + ofState.fallback] = renumbered[fallback[state] as number] as number;
    const followers = ofState.size * from + ofState.followers;
    states[followers] = (states[followers] as number) | (1 << symbol);
    if (to >= firstOutput) {
      const output = ofOutput.size * (to - firstOutput);
      outputs[output + ofOutput.path] = ends[state] as number;
      outputs[output + ofOutput.shorter] = renumbered[shorter[state] as number] as number;
    }
    if (from === 0) continue;
    const hash = hashOf(from, symbol);
    let slot = hash >>> slotShift;
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = tagOf(hash) | to;
    if (before[before[state] as number] === 0) {
      const pair = hashOf(by[before[state] as number] as number, symbol);
      pairs[pair >>> pairShift] = (pairs[pair >>> pairShift] as number) | (1 << pair) | (1 << (pair >>> 5));
    }
  }
  return {
    first: first.map((state) => renumbered[state] as number),
    states,
    slots,
    pairs,
    outputs,
    alike: trie.alike.subarray(0, pathCount),
    firstLonger,
    firstOutput,
  };
};

/** The tree of all paths. Its states are numbered as they come up. */
const growTrie = (symbols: Int32Array, offsets: Int32Array, symbolCount: number) => {
  const pathCount = offsets.length - 1;
  const most = symbols.length + 1;
  const before = new Int32Array(most);
  const by = new Int32Array(most);
  const depth = new Uint8Array(most);
  const ends = new Int32Array(most).fill(-1);
  const alike = new Int32Array(pathCount);
  const first = new Int32Array(symbolCount);
  const slots = new Int32Array(powerOfTwoFrom(2 * most));
  const shift = shiftFor(slots.length);
  let size = 1;
  let pairCount = 0;

  /** The slot where the state is, or would be. */
  const slotOf = (from: number, symbol: number): number => {
    let slot = hashOf(from, symbol) >>> shift;
    for (let state = slots[slot] as number; state !== 0; state = slots[slot] as number) {
      if (before[state] === from && by[state] === symbol) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  };

  for (let path = 0; path < pathCount; path += 1) {
    let state = 0;
    for (let at = offsets[path] as number; at < (offsets[path + 1] as number); at += 1) {
      const symbol = symbols[at] as number;
      const table = state === 0 ? first : slots;
      const place = state === 0 ? symbol : slotOf(state, symbol);
      let next = table[place] as number;
      if (next === 0) {
        next = size;
        size += 1;
        table[place] = next;
        before[next] = state;
        by[next] = symbol;
        depth[next] = (depth[state] as number) + 1;
        if (depth[next] === 2) pairCount += 1;
      }
      state = next;
    }
    alike[path] = ends[state] as number;
    ends[state] = path;
  }
  const find = (from: number, symbol: number): number => slots[slotOf(from, symbol)] as number;
  return { size, before, by, depth, ends, alike, first, pairCount, find };
};

/** The states by how many symbols lead to them, fewest first. */
const byDepth = (depth: Uint8Array, size: number): Int32Array => {
  const ofDepth = new Int32Array(256);
  for (let state = 0; state < size; state += 1) {
    const each = depth[state] as number;
    ofDepth[each] = (ofDepth[each] as number) + 1;
  }
  const next = new Int32Array(256);
  for (let each = 1; each < next.length; each += 1)
    next[each] = (next[each - 1] as number) + (ofDepth[each - 1] as number);
  const order = new Int32Array(size);
  for (let state = 0; state < size; state += 1) {
    const each = depth[state] as number;
    order[next[each] as number] = state;
    next[each] = (next[each] as number) + 1;
  }
  return order;
};

import { computed, signal } from '@preact/signals';
import { advance, createPlayer, type Timeline } from './player.ts';

/** How many times as fast as it was. */
export const speeds = [1, 2, 4, 8] as const;
/** How many times as fast as the class was. */
export type Speed = (typeof speeds)[number];

/** A replay that can be played: where it is, and how it goes on. `tick` moves it while it plays. */
export const createPlayback = (timeline: Timeline, clearers: ReadonlySet<string>) => {
  const { durationMs } = timeline;
  const player = createPlayer(timeline, clearers);
  /** `undefined` until somebody plays or seeks: then all is seen that is there at the end. */
  const reached = signal<number | undefined>(undefined);
  const isPlaying = signal(false);
  const speed = signal<Speed>(1);
  const skipsPauses = signal(true);
  const positionMs = computed(() => reached.value ?? 0);

  return {
    positionMs,
    hasBegun: computed(() => reached.value !== undefined),
    isPlaying: computed(() => isPlaying.value),
    speed,
    skipsPauses,
    strokes: computed(() => player.strokesAt(reached.value ?? durationMs)),
    drawers: computed(() => (reached.value === undefined ? [] : player.drawersAt(reached.value))),
    /** Plays, from the beginning when it was at the end, or stops. */
    toggle() {
      isPlaying.value = !isPlaying.value;
      if (isPlaying.value && positionMs.value >= durationMs) reached.value = 0;
      reached.value ??= 0;
    },
    seek(ms: number) {
      reached.value = Math.min(Math.max(ms, 0), durationMs);
    },
    /** So much time has gone by. */
    tick(elapsedMs: number) {
      if (!isPlaying.value) return;
      const way = { fromMs: positionMs.value, byMs: elapsedMs * speed.value, skipsPauses: skipsPauses.value };
      reached.value = advance(timeline, way);
      if (reached.value >= durationMs) isPlaying.value = false;
    },
  };
};

export type Playback = ReturnType<typeof createPlayback>;

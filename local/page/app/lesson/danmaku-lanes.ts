/** A comment crosses the board in this time, whatever its length. */
export const flightMs = 9000;

/** The last comment of a lane. */
export interface LaneUse {
  startedAtMs: number;
  width: number;
}

/** About how wide a text is, in ems: what is Chinese is as wide as it is high. */
export const widthInEms = (text: string): number =>
  [...text].reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56), 0);

/**
 * Answers the lane for a comment of this width, on a board of that one: the first in which the last comment has come in
 * wholly and will be gone before the new one, if that is faster, reaches the other side. When there is none, the one that
 * was used longest ago.
 */
export const pickLane = (
  lanes: readonly (LaneUse | undefined)[],
  { width, boardWidth, nowMs }: { width: number; boardWidth: number; nowMs: number },
): number => {
  const isFree = (use: LaneUse | undefined) => {
    if (!use) return true;
    const sinceMs = nowMs - use.startedAtMs;
    const isIn = sinceMs >= (flightMs * use.width) / (boardWidth + use.width);
    const reachesEndMs = (flightMs * boardWidth) / (boardWidth + width);
    return isIn && reachesEndMs >= flightMs - sinceMs;
  };
  const free = lanes.findIndex(isFree);
  if (free >= 0) return free;
  const starts = lanes.map((use) => use?.startedAtMs ?? 0);
  return starts.indexOf(Math.min(...starts));
};

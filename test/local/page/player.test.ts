import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoardData, createPicture, type StrokePart } from '../../../local/page/app/board/strokes.ts';
import { loadReplay, type WholeReplay } from '../../../local/page/app/review/load-replay.ts';
import { createPlayback } from '../../../local/page/app/review/playback.ts';
import { activityOf, advance, type Beat, createPlayer, createTimeline } from '../../../local/page/app/review/player.ts';

const clearers = new Set(['t1']);
const startsAt = 1_795_290_000;

type Message = WholeReplay['messages'][number];

const part = (stroke: string, number = 0): StrokePart => ({
  stroke,
  part: number,
  color: 'ink',
  width: 40,
  points: [1, 2, 3, 4],
  end: true,
});
const drawn = (seq: number, seconds: number, over: Partial<Message> = {}): Message => ({
  seq,
  time: startsAt + seconds,
  userId: 's1',
  type: 'board',
  data: part(String(seq)),
  ...over,
});
const timelineOf = (messages: Message[], gaps: WholeReplay['gaps'] = []) => createTimeline({ messages, gaps });

const beatData: fc.Arbitrary<BoardData> = fc
  .oneof(
    { weight: 12, arbitrary: fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 5 })) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 400 }).map((id) => ({ undo: `${id}` })) },
    { weight: 1, arbitrary: fc.nat().map((id) => ({ clear: `${id}` })) },
  )
  .map((data) => (Array.isArray(data) ? part(`${data[0]}`, data[1]) : data));

describe('a timeline', () => {
  it('spreads what came within one second over it, in its order', () => {
    const { beats, durationMs } = timelineOf([drawn(1, 0), drawn(2, 0), drawn(3, 0), drawn(4, 0), drawn(5, 2)]);
    expect(beats.map(({ atMs }) => atMs)).toEqual([0, 250, 500, 750, 2000]);
    expect(durationMs).toBe(3000);
  });

  it('never goes back, although a clock of IM does', () => {
    const { beats } = timelineOf([drawn(1, 5), drawn(2, 3), drawn(3, 6)]);
    expect(beats.map(({ atMs }) => atMs)).toEqual([0, 500, 1000]);
  });

  it('begins with the first clock of who draws, and leaves out what no line of this page is', () => {
    const timeline = timelineOf([
      drawn(1, 0, { type: 1003, data: { value: { uid: 't1' } } }),
      drawn(2, 4),
      drawn(3, 5, { data: { x: 1 } }),
    ]);
    expect(timeline).toMatchObject({ startsAt, durationMs: 6000, beats: [{ atMs: 4000 }] });
  });

  it('has each gap between the messages around it, one for those that two pages have cut', () => {
    const { gaps } = timelineOf(
      [drawn(3, 0), drawn(4, 1), drawn(10, 5), drawn(12, 6)],
      [
        { from: 1, to: 2, reason: 'expired' },
        { from: 5, to: 7, reason: 'missing' },
        { from: 8, to: 9, reason: 'missing' },
        { from: 11, to: 11, reason: 'recalled' },
        { from: 13, to: 14, reason: 'missing' },
      ],
    );
    expect(gaps).toEqual([
      { fromMs: 0, toMs: 0, count: 2, reason: 'expired' },
      { fromMs: 1000, toMs: 5000, count: 5, reason: 'missing' },
      { fromMs: 5000, toMs: 6000, count: 1, reason: 'recalled' },
      { fromMs: 6000, toMs: 7000, count: 2, reason: 'missing' },
    ]);
  });

  it('has a recorded file where it begins, not where it was announced', () => {
    const file = { start_time: startsAt + 2, file_name: 'a.mp4', video_url: 'https://vod.example.com/a.mp4' };
    const { recordings, durationMs } = timelineOf([
      drawn(1, 0),
      drawn(2, 4),
      drawn(3, 9000, { type: 1004, data: { value: file } }),
      drawn(4, 9001, { type: 1004, data: { value: { video_url: 'javascript:alert(1)' } } }),
      drawn(5, 9002, { type: 1004, data: null }),
    ]);
    expect(durationMs).toBe(5000);
    expect(recordings).toEqual([
      { seq: 3, atMs: 2000, name: 'a.mp4', url: 'https://vod.example.com/a.mp4' },
      { seq: 4, atMs: 5000, name: undefined, url: undefined },
      { seq: 5, atMs: 5000, name: undefined, url: undefined },
    ]);
  });

  it('of nothing is empty', () => {
    expect(timelineOf([])).toMatchObject({ durationMs: 0, beats: [], gaps: [] });
  });
});

describe('a player', () => {
  it('shows the same by seeking, to and fro, as by playing all up to then', () => {
    const authors = fc.constantFrom('t1', 's1', 's2');
    const replays = fc.array(fc.tuple(authors, beatData), { minLength: 2500, maxLength: 3500 });
    const seeks = fc.array(fc.integer({ min: -10, max: 35_100 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(replays, seeks, (list, times) => {
        const beats: Beat[] = list.map(([userId, data], index) => ({ atMs: index * 10, userId, data }));
        const player = createPlayer({ beats }, clearers);
        for (const ms of times) {
          const played = createPicture(clearers);
          for (const { userId, data } of beats.filter(({ atMs }) => atMs <= ms)) played.add(userId, data);
          expect(player.strokesAt(ms)).toEqual(played.strokes());
        }
      }),
      { numRuns: 6 },
    );
  });

  it('tells who is drawing, and who is not any more', () => {
    const { beats } = timelineOf([drawn(1, 0), drawn(2, 1, { userId: 't1' }), drawn(3, 9, { data: { undo: '1' } })]);
    const player = createPlayer({ beats }, clearers);
    expect([0, 1000, 2000, 9000].map((ms) => player.drawersAt(ms))).toEqual([['s1'], ['s1', 't1'], ['t1'], []]);
  });
});

describe('advance', () => {
  const timeline = timelineOf([drawn(1, 0), drawn(2, 5), drawn(3, 60), drawn(4, 61)]);
  const step = (fromMs: number, skipsPauses: boolean) => advance(timeline, { fromMs, byMs: 100, skipsPauses });

  it('goes on by what has gone by, up to the end', () => {
    expect([step(0, true), step(5000, false), step(61_950, true)]).toEqual([100, 5100, 62_000]);
  });

  it('goes over a pause, to shortly before the next line', () => {
    expect(step(5000, true)).toBe(59_500);
    expect(step(59_500, true)).toBe(59_600);
  });

  it('goes over the pause after the last line, and comes to the end', () => {
    const quiet = timelineOf([drawn(1, 0), drawn(2, 300, { type: 1003, data: {} })]);
    expect(advance(quiet, { fromMs: 1000, byMs: 100, skipsPauses: true })).toBe(300_500);
    expect(advance(quiet, { fromMs: 300_950, byMs: 100, skipsPauses: true })).toBe(301_000);
  });
});

describe('activityOf', () => {
  it('has the busiest piece at 1, and those where nothing was drawn at 0', () => {
    const timeline = timelineOf([drawn(1, 0), drawn(2, 0), drawn(3, 0), drawn(4, 0), drawn(5, 3)]);
    expect(activityOf(timeline, 4)).toEqual([1, 0, 0, 0.5]);
  });
});

describe('a playback', () => {
  const create = () => createPlayback(timelineOf([drawn(1, 0), drawn(2, 1), drawn(3, 2)]), clearers);

  it('shows the last picture until it is begun, then plays to the end and stops', () => {
    const playback = create();
    expect([playback.strokes.value.length, playback.hasBegun.value]).toEqual([3, false]);
    playback.toggle();
    expect([playback.strokes.value.length, playback.isPlaying.value]).toEqual([1, true]);
    playback.speed.value = 2;
    playback.tick(600);
    expect([playback.positionMs.value, playback.strokes.value.length]).toEqual([1200, 2]);
    playback.tick(5000);
    expect([playback.positionMs.value, playback.isPlaying.value]).toEqual([3000, false]);
  });

  it('begins anew when it is played at the end', () => {
    const playback = create();
    playback.seek(99_999);
    expect(playback.positionMs.value).toBe(3000);
    playback.toggle();
    expect(playback.positionMs.value).toBe(0);
  });

  it('stands still when it does not play', () => {
    const playback = create();
    playback.seek(500);
    playback.tick(1000);
    expect(playback.positionMs.value).toBe(500);
  });
});

describe('loadReplay', () => {
  it('asks for page after page, and tells how far it is', async () => {
    const pages = [
      { messages: [drawn(1, 0), drawn(2, 0)], gaps: [], nextCursor: 'two' },
      { messages: [drawn(5, 1)], gaps: [{ from: 3, to: 4, reason: 'missing' as const }] },
    ];
    const inputs: unknown[] = [];
    const counts: number[] = [];
    const call = async (_name: string, input: unknown) => {
      inputs.push(input);
      return pages[inputs.length - 1];
    };
    const replay = await loadReplay({ call } as never, 'c1', (count) => counts.push(count));
    expect(inputs).toEqual([
      { classId: 'c1', limit: 200 },
      { classId: 'c1', limit: 200, cursor: 'two' },
    ]);
    expect(counts).toEqual([2, 3]);
    expect(replay.messages.map(({ seq }) => seq)).toEqual([1, 2, 5]);
    expect(replay.gaps).toEqual([{ from: 3, to: 4, reason: 'missing' }]);
  });
});

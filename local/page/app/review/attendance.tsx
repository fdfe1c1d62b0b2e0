import { useState } from 'preact/hooks';
import { formatDuration, formatTime, inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { client } from '../session.ts';
import {
  type Attendee,
  averageSeconds,
  barOf,
  type Column,
  type Order,
  orderAfterClick,
  sortAttendees,
  spanOf,
  ticksOf,
} from './attendance-rows.ts';

const text = inBoth({
  en: {
    title: 'Attendance',
    asOf: (time: string) => `as of ${time}`,
    refresh: 'Refresh',
    loading: 'Attendance is coming…',
    emptyTitle: 'Nobody was here',
    empty: 'Whoever comes in is on this list, with the time they stayed.',
    people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
    here: (count: number) => `${count} still here`,
    average: (time: string) => `${time} on average`,
    name: 'Name',
    joined: 'Came',
    left: 'Left',
    time: 'Time here',
    stillHere: 'still here',
    chart: 'Who was here when',
    chartOf: (count: number, length: string) =>
      `A bar for each of ${count} people over the ${length} of the class. The table below has the same times.`,
    bar: (name: string, time: string, stay: string) =>
      `${name}: here for ${time} of ${stay} between coming and leaving`,
  },
  zh: {
    title: '考勤',
    asOf: (time: string) => `截至 ${time}`,
    refresh: '刷新',
    loading: '正在加载考勤…',
    emptyTitle: '没有人来过',
    empty: '进入课堂的人会列在这里，并显示停留时长。',
    people: (count: number) => `${count} 人`,
    here: (count: number) => `${count} 人仍在课堂`,
    average: (time: string) => `人均 ${time}`,
    name: '姓名',
    joined: '进入',
    left: '离开',
    time: '在课时长',
    stillHere: '仍在课堂',
    chart: '在课时段',
    chartOf: (count: number, length: string) => `${count} 人在课堂 ${length} 内的时段，每人一条；下表列有相同的时间。`,
    bar: (name: string, time: string, stay: string) => `${name}：进出之间 ${stay}，在课 ${time}`,
  },
});

const clockTime = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** Who was in a class, and for how long: a bar for each, and the same as a table. */
export const Attendance = ({ classId }: { classId: string }) => {
  const { loaded, reload } = useLoaded(classId, async () => {
    const { members } = await client.call('get-attendance', { classId });
    return { members, now: Math.floor(Date.now() / 1000) };
  });
  return (
    <section class="attendance" aria-label={text().title}>
      {loaded.state === 'loading' && (
        <div class="attendance-loading skeleton" role="status" aria-label={text().loading} />
      )}
      {loaded.state === 'failed' && <ProblemNote error={loaded.error} retry={reload} />}
      {loaded.state === 'loaded' && loaded.value.members.length === 0 && (
        <div class="empty">
          <Icon name="people" />
          <h2>{text().emptyTitle}</h2>
          <p>{text().empty}</p>
        </div>
      )}
      {loaded.state === 'loaded' && loaded.value.members.length > 0 && (
        <>
          <Totals {...loaded.value} reload={reload} />
          <Chart {...loaded.value} />
          <Table attendees={loaded.value.members} />
        </>
      )}
    </section>
  );
};

const Totals = ({ members, now, reload }: { members: readonly Attendee[]; now: number; reload: () => void }) => {
  const here = members.filter(({ leftAt }) => leftAt === undefined).length;
  return (
    <div class="attendance-totals">
      <strong>{text().people(members.length)}</strong>
      <span>{text().average(formatDuration(averageSeconds(members)))}</span>
      {here > 0 && (
        <>
          <span class="badge is-live">{text().here(here)}</span>
          <span class="faint">{text().asOf(formatTime(now, clockTime))}</span>
          <button type="button" class="button small" onClick={reload}>
            {text().refresh}
          </button>
        </>
      )}
    </div>
  );
};

const Chart = ({ members, now }: { members: readonly Attendee[]; now: number }) => {
  const span = spanOf(members, now);
  const length = span.to - span.from;
  const sorted = sortAttendees(members, { column: 'joined', isDescending: false });
  return (
    <figure class="attendance-chart">
      <figcaption>
        <h2>{text().chart}</h2>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section class="attendance-scroll" tabIndex={0} aria-label={text().chart}>
        <div class="attendance-bars" role="img" aria-label={text().chartOf(members.length, formatDuration(length))}>
          {sorted.map((attendee) => (
            <Bar key={attendee.userId} attendee={attendee} {...barOf(attendee, span, now)} now={now} />
          ))}
          <span />
          <div class="attendance-axis">
            {ticksOf(span).map((tick) => (
              <span key={tick} style={{ left: `${(tick / length) * 100}%` }}>
                {formatDuration(tick)}
              </span>
            ))}
          </div>
        </div>
      </section>
    </figure>
  );
};

const Bar = ({
  attendee: { name, joinedAt, leftAt, seconds },
  start,
  width,
  fill,
  now,
}: { attendee: Attendee; now: number } & ReturnType<typeof barOf>) => (
  <>
    <span class="attendance-name">{name}</span>
    <div class="attendance-track">
      <div
        class={leftAt === undefined ? 'attendance-bar is-here' : 'attendance-bar'}
        style={{ left: `${start}%`, width: `${width}%` }}
        title={text().bar(name, formatDuration(seconds), formatDuration((leftAt ?? now) - joinedAt))}
      >
        <div class="attendance-fill" style={{ width: `${fill}%` }} />
      </div>
    </div>
    <span class="attendance-time">{formatDuration(seconds)}</span>
  </>
);

const columns = ['name', 'joined', 'left', 'time'] as const satisfies readonly Column[];

const Table = ({ attendees }: { attendees: readonly Attendee[] }) => {
  const [order, setOrder] = useState<Order>({ column: 'name', isDescending: false });
  return (
    <div class="attendance-table">
      <table>
        <caption class="unseen">{text().title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" aria-sort={sortOf(order, column)}>
                <button type="button" onClick={() => setOrder(orderAfterClick(order, column))}>
                  {text()[column]}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortAttendees(attendees, order).map(({ userId, name, joinedAt, leftAt, seconds }) => (
            <tr key={userId}>
              <th scope="row">
                {name} {name !== userId && <code class="faint">{userId}</code>}
              </th>
              <td>{formatTime(joinedAt, clockTime)}</td>
              <td>
                {leftAt === undefined ? (
                  <span class="badge is-live">{text().stillHere}</span>
                ) : (
                  formatTime(leftAt, clockTime)
                )}
              </td>
              <td>{formatDuration(seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const sortOf = (order: Order, column: Column) => {
  if (order.column !== column) return 'none';
  return order.isDescending ? 'descending' : 'ascending';
};

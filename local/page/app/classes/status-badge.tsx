import type { ClassView } from '../../../../client/classroom.ts';
import { inBoth } from '../language.ts';

const text = inBoth({
  en: { scheduled: 'Scheduled', live: 'Live', ended: 'Ended' },
  zh: { scheduled: '未开始', live: '直播中', ended: '已结束' },
});

/** How far a class is. */
export const StatusBadge = ({ status }: Pick<ClassView, 'status'>) => (
  <span class={`badge is-${status}`}>{text()[status]}</span>
);

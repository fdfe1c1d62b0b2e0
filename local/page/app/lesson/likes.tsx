import { useEffect, useRef, useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import type { LessonInProgress } from './lesson.ts';

const text = inBoth({
  en: { like: (count: number) => `Like, ${count} so far` },
  zh: { like: (count: number) => `点赞，已有 ${count} 个` },
});

/** Quick clicks are one message: a group carries 40 a second. */
const gatherMs = 400;
const mostAtOnce = 100;
const mostHearts = 30;

/** Likes, with how many there have been since one came in. */
export const LikeButton = ({ lesson }: { lesson: LessonInProgress }) => {
  const gathered = useRef(0);
  const timer = useRef<number>(undefined);
  const send = () => {
    const count = Math.min(gathered.current, mostAtOnce);
    gathered.current = 0;
    // A like that is lost is no loss.
    if (count > 0) lesson.like(count).catch(() => {});
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      send();
    },
    [lesson],
  );
  const like = () => {
    if (gathered.current === 0) timer.current = setTimeout(send, gatherMs);
    gathered.current += 1;
  };
  const count = lesson.likes.value;
  return (
    <button type="button" class="like" onClick={like} aria-label={text().like(count)}>
      <Icon name="heart" />
      <span aria-hidden="true">{count}</span>
    </button>
  );
};

/** Hearts that rise over the board, one for each like, up to some. */
export const Hearts = ({ lesson }: { lesson: LessonInProgress }) => {
  const lastKey = useRef(0);
  const [hearts, setHearts] = useState<readonly { key: number; left: number; delay: number }[]>([]);
  useEffect(
    () =>
      lesson.onLike((count) => {
        const added = Array.from({ length: Math.min(count, mostHearts) }, (_, index) => {
          lastKey.current += 1;
          // Spread without chance, so that a picture of it is the same twice.
          return { key: lastKey.current, left: (lastKey.current * 37) % 70, delay: index * 90 };
        });
        setHearts((now) => [...now, ...added].slice(-mostHearts));
      }),
    [lesson],
  );
  return (
    <div class="hearts" aria-hidden="true">
      {hearts.map(({ key, left, delay }) => (
        <span
          key={key}
          class="heart"
          style={{ left: `${left}%`, animationDelay: `${delay}ms` }}
          onAnimationEnd={() => setHearts((now) => now.filter((heart) => heart.key !== key))}
        >
          <Icon name="heart" />
        </span>
      ))}
    </div>
  );
};

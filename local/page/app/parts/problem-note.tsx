import { inBoth } from '../language.ts';
import { problemOf } from '../problem.ts';
import { Icon } from './icon.tsx';

const text = inBoth({ en: { retry: 'Try again' }, zh: { retry: '重试' } });

/** Says what went wrong, and offers to try again where that makes sense. */
export const ProblemNote = ({ error, retry }: { error: unknown; retry?: () => void }) => {
  const { code, sentence, detail, requestId } = problemOf(error);
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      <div class="problem-text">
        <p>
          <strong>{sentence}</strong>
        </p>
        {detail && <p>{detail}</p>}
        <p class="faint">
          <code>{code}</code>
          {requestId && <code>{requestId}</code>}
        </p>
      </div>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {text().retry}
        </button>
      )}
    </div>
  );
};

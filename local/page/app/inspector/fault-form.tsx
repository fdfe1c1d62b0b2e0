import { useState } from 'preact/hooks';
import { inBoth } from '../language.ts';
import { Field } from '../parts/field.tsx';
import { type FaultKind, faultKinds, toOrder } from './fault-presets.ts';
import type { FaultOrder } from './story.ts';

const text = inBoth({
  en: {
    title: 'One of your own',
    command: 'Command',
    commandHint: 'Of IM, STS, TRTC or COS, a callback, PostgreSQL or socket.',
    kind: 'What goes wrong',
    errorCode: 'It is refused',
    delayMs: 'Its reply is held back',
    dropReply: 'Its reply is lost',
    duplicate: 'A callback is sent twice',
    code: 'Error code',
    delay: 'Milliseconds',
    times: 'Times',
    order: 'Order',
  },
  zh: {
    title: '自定义',
    command: '命令',
    commandHint: 'IM、STS、TRTC 或 COS 的命令，回调名，PostgreSQL 或 socket。',
    kind: '故障类型',
    errorCode: '被拒绝',
    delayMs: '回复被推迟',
    dropReply: '回复丢失',
    duplicate: '回调发两次',
    code: '错误码',
    delay: '毫秒',
    times: '次数',
    order: '制造故障',
  },
});

/** An order in its own words, for whoever knows the commands. */
export const FaultForm = ({ isBusy, onOrder }: { isBusy: boolean; onOrder: (order: FaultOrder) => void }) => {
  const [command, setCommand] = useState('');
  const [kind, setKind] = useState<FaultKind>('errorCode');
  const [value, setValue] = useState('');
  const [times, setTimes] = useState('1');
  return (
    <details class="fault-form">
      <summary>{text().title}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onOrder(toOrder(command, Number(times), kind, value));
        }}
      >
        <Field label={text().command} hint={text().commandHint} value={command} onValue={setCommand} required />
        <div class="field-row">
          <div class="field">
            <label for="fault-kind">{text().kind}</label>
            <select
              id="fault-kind"
              value={kind}
              onChange={({ currentTarget }) => setKind(currentTarget.value as FaultKind)}
            >
              {faultKinds.map((each) => (
                <option key={each} value={each}>
                  {text()[each]}
                </option>
              ))}
            </select>
          </div>
          {kind === 'errorCode' && <Field label={text().code} value={value} onValue={setValue} required />}
          {kind === 'delayMs' && (
            <Field label={text().delay} value={value} onValue={setValue} pattern="\d{1,6}" required />
          )}
          <Field label={text().times} value={times} onValue={setTimes} pattern="[1-9]\d?" required />
        </div>
        <button type="submit" class="button" disabled={isBusy}>
          {text().order}
        </button>
      </form>
    </details>
  );
};

import { inBoth } from '../language.ts';
import { IconButton } from '../parts/icon-button.tsx';
import { problemOf } from '../problem.ts';
import { formatSize } from './file-groups.ts';
import type { Upload, Uploads } from './uploads.ts';

const text = inBoth({
  en: {
    uploads: 'Uploads',
    waiting: 'Waiting its turn',
    sending: (percent: string, loaded: string, size: string) => `${percent} · ${loaded} of ${size}`,
    retrying: (percent: string) => `The connection broke at ${percent}. Trying again…`,
    interrupted: (percent: string) => `Interrupted at ${percent}`,
    done: 'Arrived',
    resume: 'Resume',
    cancel: (name: string) => `Cancel ${name}`,
    clearDone: 'Clear what has arrived',
  },
  zh: {
    uploads: '上传',
    waiting: '排队中',
    sending: (percent: string, loaded: string, size: string) => `${percent} · ${loaded} / ${size}`,
    retrying: (percent: string) => `在 ${percent} 处断开，正在重试…`,
    interrupted: (percent: string) => `在 ${percent} 处中断`,
    done: '已上传',
    resume: '继续上传',
    cancel: (name: string) => `取消 ${name}`,
    clearDone: '清除已完成',
  },
});

/** What is being uploaded, how far it is, and what can be done about it. */
export const UploadList = ({ uploads }: { uploads: Uploads<File> }) => {
  const list = uploads.list.value;
  if (list.length === 0) return null;
  return (
    <section class="uploads" aria-label={text().uploads}>
      <ul>
        {list.map((upload) => (
          <li key={upload.id} class={`upload is-${upload.state}`}>
            <UploadRow upload={upload} uploads={uploads} />
          </li>
        ))}
      </ul>
      {list.some(({ state }) => state === 'done') && (
        <button type="button" class="button quiet small" onClick={uploads.clearDone}>
          {text().clearDone}
        </button>
      )}
    </section>
  );
};

const UploadRow = ({ upload, uploads }: { upload: Upload; uploads: Uploads<File> }) => {
  const { id, name, state, error } = upload;
  const percent = percentOf(upload);
  return (
    <>
      <span class="upload-name">{name}</span>
      <span class="upload-actions">
        {state === 'interrupted' && (
          <button type="button" class="button small" onClick={() => uploads.resume(id)}>
            {text().resume}
          </button>
        )}
        {state !== 'done' && <IconButton icon="close" label={text().cancel(name)} onClick={() => uploads.cancel(id)} />}
      </span>
      {state !== 'done' && (
        <progress class="upload-progress" aria-label={name} max={100} value={percent}>
          {percent} %
        </progress>
      )}
      {/* The numbers run on their own; what happens is said once. */}
      <span class="upload-state" aria-live={state === 'sending' ? 'off' : 'polite'}>
        {stateOf(upload, `${percent} %`)}
        {error !== undefined && <span class="upload-error">{explain(error)}</span>}
      </span>
    </>
  );
};

const percentOf = ({ loaded, size, state }: Upload): number =>
  state === 'done' || size === 0 ? 100 : Math.floor((loaded / size) * 100);

const stateOf = ({ state, loaded, size }: Upload, percent: string): string => {
  switch (state) {
    case 'sending':
      return text().sending(percent, formatSize(loaded), formatSize(size));
    case 'retrying':
    case 'interrupted':
      return text()[state](percent);
    default:
      return text()[state];
  }
};

const explain = (error: unknown): string => {
  const { sentence, detail, code } = problemOf(error);
  return code === 'OTHER' ? detail : sentence;
};

import { createCosOpener, type OpenCos } from './cos.ts';
import type { Area, Transfer } from './uploads.ts';

/** Sends files to COS; those of more than 1 MB in parts, of which COS keeps what has arrived. */
export const createCosTransfer = (classId: string): Transfer<File> => {
  const open = createCosOpener(classId, 'upload');
  return {
    send(place, file, onProgress) {
      let cancel = () => {
        isCancelled = true;
      };
      let isCancelled = false;
      const send = ({ cos, explain, ...opened }: OpenCos) =>
        new Promise((resolve, reject) => {
          if (isCancelled) return;
          cos.uploadFile(
            {
              ...objectOf(opened, place),
              Body: file,
              onProgress: ({ loaded }) => onProgress(loaded),
              onTaskReady: (taskId) => {
                cancel = () => cos.cancelTask(taskId);
              },
            },
            (error, sent) => (error ? reject(explain(error)) : resolve(sent)),
          );
        });
      return { done: open().then(send), cancel: () => cancel() };
    },
    async discard(place) {
      const { cos, ...opened } = await open();
      await cos.abortUploadTask({ ...objectOf(opened, place), Level: 'file' });
    },
  };
};

const objectOf = ({ at, prefixes }: Pick<OpenCos, 'at' | 'prefixes'>, { area, name }: { area: Area; name: string }) => {
  const prefix = area === 'own' ? prefixes.prefix : prefixes.coursewarePrefix;
  if (prefix === undefined) throw new Error('These credentials do not reach the courseware.');
  return at(prefix + name);
};

import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Reply } from '../../../../client/classroom.ts';
import { formatTime, inBoth } from '../language.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useAction } from '../parts/use-action.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { client, type Person } from '../session.ts';
import { uploadsOf } from './class-uploads.ts';
import { downloaderOf } from './download.ts';
import { type FileGroup, formatSize, groupFiles } from './file-groups.ts';
import { UploadList } from './upload-list.tsx';
import type { Area } from './uploads.ts';

const text = inBoth({
  en: {
    title: 'Files',
    refresh: 'Refresh',
    loading: 'Files are coming…',
    emptyTitle: 'No file yet',
    emptyLive: 'Courseware and homework of this class are here.',
    emptyOver: 'Nobody has left a file in this class.',
    courseware: 'Courseware',
    own: 'My files',
    homework: 'My homework',
    homeworkOf: (name: string) => `Homework of ${name}`,
    download: 'Download',
    more: 'More',
    drop: 'Drop files here',
    choose: 'Choose files',
    into: 'They go to',
    toCourseware: 'the courseware, for everybody',
    toOwn: 'my files',
    homeworkHint: 'Only you and the teacher see them.',
  },
  zh: {
    title: '文件',
    refresh: '刷新',
    loading: '正在加载文件…',
    emptyTitle: '还没有文件',
    emptyLive: '本课堂的课件和作业会显示在这里。',
    emptyOver: '本课堂没有留下文件。',
    courseware: '课件',
    own: '我的文件',
    homework: '我的作业',
    homeworkOf: (name: string) => `${name} 的作业`,
    download: '下载',
    more: '更多',
    drop: '把文件拖到这里',
    choose: '选择文件',
    into: '上传到',
    toCourseware: '课件，所有人可见',
    toOwn: '我的文件',
    homeworkHint: '只有你和老师能看到。',
  },
});

export interface FilesProps {
  classId: string;
  /** In the class; absent of somebody who only looks at it afterwards. */
  role?: 'teacher' | 'assistant' | 'student' | undefined;
  /** Nothing can be uploaded any more. */
  isOver: boolean;
  person: Person;
  /** What people are called, where it is known. */
  nameOf?: (userId: string) => string;
}

/** The files of a class that the caller may read, and the way to add some. */
export const Files = ({ classId, role, isOver, person, nameOf = (userId) => userId }: FilesProps) => {
  const uploads = uploadsOf(classId, person.userId);
  const { loaded, reload } = useLoaded(`${classId} ${uploads.arrived.value}`, () =>
    client.call('list-files', { classId, limit: pageSize }),
  );
  const [area, setArea] = useState<Area>(role === 'student' ? 'own' : 'courseware');
  const isEmpty = loaded.state === 'loaded' && groupFiles(loaded.value.files).length === 0;
  const titleOf = ({ userId }: FileGroup): string => {
    if (userId === undefined) return text().courseware;
    if (userId !== person.userId) return text().homeworkOf(nameOf(userId));
    return role === 'student' ? text().homework : text().own;
  };
  return (
    <section class="files" aria-label={text().title}>
      {!isOver && (
        <Chooser onChosen={(files) => uploads.add(area, files)}>
          {role === 'student' ? (
            <p class="faint">{text().homeworkHint}</p>
          ) : (
            <AreaChoice area={area} onArea={setArea} />
          )}
        </Chooser>
      )}
      <UploadList uploads={uploads} />
      {loaded.state === 'loading' && <LoadingFiles />}
      {loaded.state === 'failed' && <ProblemNote error={loaded.error} retry={reload} />}
      {isEmpty && (
        <div class="empty">
          <Icon name="file" />
          <h2>{text().emptyTitle}</h2>
          <p>{isOver ? text().emptyOver : text().emptyLive}</p>
        </div>
      )}
      {loaded.state === 'loaded' && !isEmpty && (
        <Groups key={turnOf(loaded.value)} classId={classId} first={loaded.value} titleOf={titleOf} />
      )}
      {loaded.state === 'loaded' && !isOver && (
        <button type="button" class="button quiet small" onClick={reload}>
          {text().refresh}
        </button>
      )}
    </section>
  );
};

const pageSize = 100;

type Page = Reply<'list-files'>;

const turnOf = ({ files }: Page) => files.map(({ key, lastModified }) => `${key} ${lastModified}`).join();

const Groups = ({
  classId,
  first,
  titleOf,
}: {
  classId: string;
  first: Page;
  titleOf: (group: FileGroup) => string;
}) => {
  const [pages, setPages] = useState([first]);
  const cursor = pages.at(-1)?.nextCursor;
  const more = useAction(async () => {
    const next = await client.call('list-files', { classId, limit: pageSize, ...(cursor !== undefined && { cursor }) });
    setPages([...pages, next]);
  });
  const download = useAction(downloaderOf(classId));
  return (
    <>
      {download.error !== undefined && <ProblemNote error={download.error} />}
      {groupFiles(pages.flatMap(({ files }) => files)).map((group) => (
        <section class="file-group" key={group.userId ?? ''} aria-label={titleOf(group)}>
          <h2>{titleOf(group)}</h2>
          <ul>
            {group.files.map((file) => (
              <li key={file.key}>
                <button type="button" class="file" onClick={() => download.run(file)}>
                  <Icon name="file" />
                  <span class="file-name">
                    <span class="unseen">{text().download}</span> {file.name}
                  </span>
                  <span class="faint">{formatSize(file.size)}</span>
                  <time class="faint">{formatTime(file.lastModified, { dateStyle: 'short', timeStyle: 'short' })}</time>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {more.error !== undefined && <ProblemNote error={more.error} />}
      {cursor !== undefined && (
        <button type="button" class="button" disabled={more.isBusy} onClick={more.run}>
          {text().more}
        </button>
      )}
    </>
  );
};

/** Takes files by a button, or dropped on it. */
const Chooser = ({ onChosen, children }: { onChosen: (files: File[]) => void; children: ComponentChildren }) => {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const choose = (files: FileList | null | undefined) => files && onChosen([...files]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; the button inside is everybody's
    <div
      class={isOver ? 'chooser is-over' : 'chooser'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        choose(event.dataTransfer?.files);
      }}
    >
      <p class="chooser-lead">
        <Icon name="upload" />
        <span class="wide-only">{text().drop}</span>
        <button type="button" class="button small" onClick={() => input.current?.click()}>
          {text().choose}
        </button>
      </p>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={text().choose}
        onChange={({ currentTarget }) => {
          choose(currentTarget.files);
          // So that the same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      {children}
    </div>
  );
};

const AreaChoice = ({ area, onArea }: { area: Area; onArea: (area: Area) => void }) => (
  <fieldset class="area-choice">
    <legend>{text().into}</legend>
    {(['courseware', 'own'] as const).map((each) => (
      <label key={each}>
        <input type="radio" name="area" checked={area === each} onChange={() => onArea(each)} />
        {each === 'own' ? text().toOwn : text().toCourseware}
      </label>
    ))}
  </fieldset>
);

const LoadingFiles = () => (
  <div class="file-group" role="status" aria-label={text().loading}>
    {[1, 2, 3].map((each) => (
      <div class="file skeleton" key={each} />
    ))}
  </div>
);

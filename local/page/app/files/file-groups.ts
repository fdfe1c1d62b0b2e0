/** A file of a class, as `list-files` tells. */
export interface ClassFile {
  key: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  lastModified: number;
}

/** The courseware, or the files of one user. */
export interface FileGroup {
  /** Whose they are; absent of the courseware. */
  userId?: string;
  files: (ClassFile & { name: string })[];
}

/** Courseware first, then everybody's own. What lies elsewhere in the class, as an export does, is not for people to read. */
export const groupFiles = (files: readonly ClassFile[]): FileGroup[] => {
  const courseware: FileGroup = { files: [] };
  const own = new Map<string, FileGroup>();
  for (const file of files) {
    const { userId, name } = placeOf(file.key);
    if (name === undefined) continue;
    const group = userId === undefined ? courseware : (own.get(userId) ?? { userId, files: [] });
    group.files.push({ ...file, name });
    if (userId !== undefined) own.set(userId, group);
  }
  return [courseware, ...own.values()].filter((group) => group.files.length > 0);
};

/** `<classId>/courseware/<name>` and `<classId>/u/<userId>/<name>`; a name may have slashes of its own. */
const placeOf = (key: string): { userId?: string | undefined; name?: string | undefined } => {
  const { userId, courseware, own } =
    /^[^/]+\/(?:courseware\/(?<courseware>.+)|u\/(?<userId>[^/]+)\/(?<own>.+))$/su.exec(key)?.groups ?? {};
  return { userId, name: courseware ?? own };
};

const units = ['B', 'KB', 'MB', 'GB'] as const;

/** `512 B`, `1.4 MB`: two digits are enough. */
export const formatSize = (bytes: number): string => {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  const value = bytes / 1024 ** step;
  return `${step > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[step]}`;
};

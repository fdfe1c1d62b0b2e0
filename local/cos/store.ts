import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteRange, createRecordFolder } from './record-folder.ts';

export interface StoredObject {
  key: string;
  size: number;
  /** Without quotes. */
  etag: string;
  /** Unix milliseconds. */
  lastModified: number;
  /** The headers that come back with the object: Content-Type and its like, `x-cos-meta-*`. */
  headers: Record<string, string>;
}

export interface Upload {
  uploadId: string;
  key: string;
  /** Unix milliseconds. */
  initiated: number;
  headers: Record<string, string>;
}

export type Part = Pick<StoredObject, 'size' | 'etag' | 'lastModified'> & { partNumber: number };

export type Store = ReturnType<typeof createStore>;

/** The objects of one bucket and its unfinished multipart uploads, under a directory that outlives the process. */
export const createStore = (directory: string, clock: () => number) => {
  const objects = createRecordFolder<StoredObject>(join(directory, 'objects'));
  const uploads = createRecordFolder<Upload>(join(directory, 'uploads'));
  const partsDirectory = ({ uploadId }: Upload) => join(directory, 'parts', uploadId);
  const partsOf = (upload: Upload) => createRecordFolder<Part>(partsDirectory(upload));

  const removeUpload = async (upload: Upload) => {
    await uploads.remove(upload.uploadId);
    await rm(partsDirectory(upload), { recursive: true, force: true });
  };

  return {
    async putObject(key: string, headers: Record<string, string>, body: Buffer): Promise<StoredObject> {
      const object = { key, size: body.length, etag: md5(body), lastModified: clock(), headers };
      await objects.put(fileName(key), object, [body]);
      return object;
    },
    findObject: (key: string) => objects.find(fileName(key)),
    readObject: (key: string, range?: ByteRange) => objects.read(fileName(key), range),
    removeObject: (key: string) => objects.remove(fileName(key)),
    listObjects: async () => (await objects.list()).sort((a, b) => compareKeys(a.key, b.key)),

    async createUpload(key: string, headers: Record<string, string>): Promise<Upload> {
      const initiated = clock();
      const upload = { uploadId: `${initiated}${randomBytes(20).toString('hex')}`, key, initiated, headers };
      await uploads.put(upload.uploadId, upload, []);
      return upload;
    },
    /** The upload of that id, when it is one of that key. */
    async findUpload(key: string, uploadId: string): Promise<Upload | undefined> {
      const upload = /^[0-9a-f]+$/.test(uploadId) ? await uploads.find(uploadId) : undefined;
      return upload?.key === key ? upload : undefined;
    },
    listUploads: async () =>
      (await uploads.list()).sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.uploadId, b.uploadId)),
    async putPart(upload: Upload, partNumber: number, body: Buffer): Promise<Part> {
      const part = { partNumber, size: body.length, etag: md5(body), lastModified: clock() };
      await partsOf(upload).put(String(partNumber), part, [body]);
      return part;
    },
    listParts: async (upload: Upload) => (await partsOf(upload).list()).sort((a, b) => a.partNumber - b.partNumber),
    removeUpload,
    /** Joins the parts into the object and forgets the upload. */
    async completeUpload(upload: Upload, parts: readonly Part[]): Promise<StoredObject> {
      const { key, headers } = upload;
      const object = {
        key,
        size: parts.reduce((sum, { size }) => sum + size, 0),
        etag: `${md5(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'))}-${parts.length}`,
        lastModified: clock(),
        headers,
      };
      await objects.put(fileName(key), object, contents(partsOf(upload), parts));
      await removeUpload(upload);
      return object;
    },
  };
};

async function* contents(folder: ReturnType<typeof createRecordFolder<Part>>, parts: readonly Part[]) {
  for (const { partNumber } of parts) {
    const part = await folder.read(String(partNumber));
    if (!part) throw new Error(`Part ${partNumber} has gone while the upload was completed.`);
    yield part.content;
  }
}

/** By the bytes of UTF-8, as COS lists. */
export const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A key is any text, `..` and slashes included: it never becomes a path. */
const fileName = (key: string) => createHash('sha256').update(key).digest('hex');

const md5 = (data: Buffer) => createHash('md5').update(data).digest('hex');

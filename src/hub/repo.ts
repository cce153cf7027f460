import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import { type FileEntry, fetchFile, fetchModelUrl } from './file.ts';

/** The files of one diffusers repository, wherever they lie. */
export interface ModelFiles {
  has(path: string): boolean;
  /** @throws AppError download-failed, corrupt-file */
  file(path: string): Promise<Blob>;
  /** A file read as JSON. @throws AppError download-failed, corrupt-file */
  json(path: string): Promise<unknown>;
}

const Manifest = v.object({
  files: v.array(
    v.object({ path: v.string(), size: v.number(), sha256: v.pipe(v.string(), v.hash(['sha256'])) }),
  ),
});

const MANIFEST = 'manifest.json';

/**
 * A repository that is served with its `manifest.json`. Every file starts to arrive at once and is kept in memory.
 * `onBytes` hears how many bytes of how many have arrived.
 * @throws AppError download-failed, corrupt-file for the manifest itself
 */
export async function openServedRepo(
  baseUrl: string,
  onBytes: (loaded: number, total: number) => void,
): Promise<ModelFiles> {
  const response = await fetchModelUrl(new URL(MANIFEST, baseUrl), MANIFEST);
  const manifest = v.safeParse(Manifest, parseJson(MANIFEST, await response.text()));
  if (!manifest.success) throw corruptJson(MANIFEST, 'a list of files with size and sha256');

  const entries = manifest.output.files;
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  const start = (entry: FileEntry): Promise<Blob> => {
    const blob = fetchFile(baseUrl, entry, (bytes) => {
      loaded += bytes;
      onBytes(loaded, total);
    });
    // Whoever asks for the file hears of its fault; nobody may ask.
    blob.catch(() => {});
    return blob;
  };
  const files = new Map(entries.map((entry) => [entry.path, start(entry)]));

  const file = async (path: string): Promise<Blob> => {
    const blob = files.get(path);
    if (!blob)
      throw new AppError('download-failed', `${path} is not in the model's manifest.`, {
        file: path,
        status: 'not listed',
      });
    return blob;
  };
  return {
    has: (path) => files.has(path),
    file,
    json: async (path) => parseJson(path, await (await file(path)).text()),
  };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw corruptJson(path, 'JSON');
  }
}

function corruptJson(file: string, expected: string): AppError {
  return new AppError('corrupt-file', `${file}: expected ${expected}, found something else.`, {
    file,
    expected,
    found: 'something else',
  });
}

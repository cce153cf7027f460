import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { type FileEntry, fetchFile, fetchModelUrl } from './file.ts';
import { RepoPath } from './repo-path.ts';

/** The files of one repository, wherever they are. */
export interface ModelFiles {
  has(path: string): boolean;
  /** @throws AppError download-failed, corrupt-file */
  file(path: string): Promise<Blob>;
  /** A file read as JSON. @throws AppError download-failed, corrupt-file */
  json(path: string): Promise<unknown>;
}

const Manifest = v.object({
  files: v.array(
    v.object({ path: RepoPath, size: v.number(), sha256: v.pipe(v.string(), v.hash(['sha256'])) }),
  ),
});

const MANIFEST = 'manifest.json';

/** A repository whose files are downloaded when they are asked for, or all at once. */
export interface ServedRepo extends ModelFiles {
  /** Starts to download all files. @param onBytes called with how many bytes have arrived, out of how many */
  fetchAll(onBytes: (loaded: number, total: number) => void): void;
}

/**
 * Opens a repository that is served beside the page, with its `manifest.json`. Downloaded files are kept in memory.
 * @throws AppError download-failed, corrupt-file for the manifest itself
 */
export async function openServedRepo(baseUrl: string): Promise<ServedRepo> {
  const listed = await fetchModelUrl(new URL(MANIFEST, baseUrl), MANIFEST);
  const manifest = v.safeParse(Manifest, parseJson(MANIFEST, await listed.text()));
  if (!manifest.success) throw corruptJson(MANIFEST, 'a list of files with their sizes and sha256');

  const entries = new Map(manifest.output.files.map((entry) => [entry.path, entry]));
  const total = manifest.output.files.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;
  let onBytes: (loaded: number, total: number) => void = () => {};
  const files = new Map<string, Promise<Blob>>();
  const start = (entry: FileEntry): Promise<Blob> => {
    const known = files.get(entry.path);
    if (known) return known;
    const blob = fetchFile(baseUrl, entry, (bytes) => {
      loaded += bytes;
      onBytes(loaded, total);
    });
    // The error goes to whoever asks for the file. When nobody does, it must not count as unhandled.
    blob.catch(() => {});
    files.set(entry.path, blob);
    return blob;
  };

  const file = async (path: string): Promise<Blob> => {
    const entry = entries.get(path);
    if (!entry)
      throw new AppError('download-failed', `${path} is not in the model's manifest.`, {
        file: path,
        status: 'not-listed',
      });
    return start(entry);
  };
  return {
    has: (path) => entries.has(path),
    file,
    json: async (path) => parseJson(path, await (await file(path)).text()),
    fetchAll: (listener) => {
      onBytes = listener;
      for (const entry of entries.values()) start(entry);
    },
  };
}

/** @param path the file's name in errors @throws AppError corrupt-file */
export function parseJson(path: string, text: string): unknown {
  const json = parsePythonJson(text);
  if (json === undefined) throw corruptJson(path, 'JSON');
  return json;
}

function corruptJson(file: string, expected: string): AppError {
  return new AppError('corrupt-file', `${file}: expected ${expected}, found something else.`, {
    file,
    expected,
    found: 'something else',
  });
}

import * as v from 'valibot';
import { answered } from '../protocol/answered.ts';
import { openFolder, replaceFile } from './store.ts';

const FOLDER = 'tiles';
const FILE = 'tiles.json';
/** Milliseconds to wait for a browser that may never answer: trying the tiles again takes no longer. */
const PATIENCE_MS = 1_000;
/** GPUs and versions of browsers that are remembered. */
const MOST = 4;

type Tiles = Readonly<Record<string, string>>;
const Stored = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.tuple([v.string(), v.record(v.string(), v.string())])),
);

/**
 * The tiles that were found best on a GPU (gpu/tune.ts), in the origin private file system. Where the browser refuses to store
 * or has lost them, there are none: they change no result, and are tried again at the next visit.
 * @param gpu tells it from others
 */
export function tilesOf(gpu: string): { read(): Promise<Tiles>; write(tiles: Tiles): Promise<void> } {
  return {
    read: async () => (await inTime(readAll()).catch(() => new Map<string, Tiles>())).get(gpu) ?? {},
    // Stored or not, this visit has them.
    write: (tiles) => inTime(replace(gpu, tiles)).catch(() => {}),
  };
}

const inTime = <T>(answer: Promise<T>): Promise<T> => answered('model', answer, PATIENCE_MS);

async function replace(gpu: string, tiles: Tiles): Promise<void> {
  const all = await readAll();
  all.delete(gpu);
  const entries = [...all, [gpu, tiles] as const].slice(-MOST);
  await replaceFile(await openFolder(FOLDER), FILE, JSON.stringify(entries));
}

/** What is stored; nothing of a file that cannot be read. */
async function readAll(): Promise<Map<string, Tiles>> {
  const folder = await openFolder(FOLDER);
  const file = await folder.getFileHandle(FILE).catch((error: DOMException) => {
    if (error.name === 'NotFoundError') return undefined;
    throw error;
  });
  if (!file) return new Map();
  const entries = v.safeParse(Stored, await (await file.getFile()).text());
  return new Map(entries.success ? entries.output : []);
}

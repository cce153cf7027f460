import { Zip, ZipPassThrough } from 'fflate';
import * as v from 'valibot';
import { AppError, type Fault, toWire } from '../protocol/errors.ts';
import { fileKind } from '../protocol/file-kind.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import type { Gallery } from './gallery.ts';
import { inputsOf, type PictureRow, parseRow } from './picture-row.ts';
import { readZipEntries, unreadable, unzipEntry, type ZipEntry } from './zip-entries.ts';

/** The file of a zip of ours that holds the pictures' rows, each with the name of the picture's file. */
const INDEX = 'gallery.json';
/** The folder of the pictures that these began with, of masks, and of what steered them. */
const INPUTS = 'inputs/';
const VERSION = 1;
const Index = v.object({
  version: v.number(),
  pictures: v.array(v.object({ file: v.string(), row: v.unknown() })),
});

/** Limits of what is unpacked: no gallery has larger pictures, nor more of them. */
const MAX_FILE_BYTES = 100e6;
const MAX_FILES = 50_000;
const MAX_BYTES = 2e9;

/** Bytes of a zip of ours; one of several pictures is not made larger, so that it is quick to pass on. */
const ZIP_BYTES = 500e6;

/** Divides rows into lots, one for each zip. */
export function zipLots(rows: readonly PictureRow[], most = ZIP_BYTES): PictureRow[][] {
  const lots: PictureRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const last = lots.at(-1);
    if (last && row.bytes <= room) last.push(row);
    else {
      lots.push([row]);
      room = most;
    }
    room -= row.bytes;
  }
  return lots;
}

/** What is known of a picture. */
export interface ZippedPicture {
  readonly file: Blob;
  /** Null where the zip is not ours. */
  readonly row: PictureRow | null;
  readonly image: Blob | null;
  readonly mask: Blob | null;
  /** All that steered it, or nothing where some of that is missing. */
  readonly steering: readonly Blob[];
}

/** A picture in a zip that has not been unpacked. */
export interface PackedPicture {
  readonly name: string;
  /** @throws AppError unsupported-image, when it cannot be unpacked */
  open(): Promise<ZippedPicture>;
}

/**
 * Packs pictures into one zip, uncompressed, with everything the gallery knows about them. One picture is in memory at a time.
 * @param nameOf gives a file's name from its row and MIME type; equal names get a number
 * @returns with how many are left out, because they cannot be read any more
 */
export async function zipPictures(
  gallery: Pick<Gallery, 'png' | 'input'>,
  rows: readonly PictureRow[],
  nameOf: (row: PictureRow, type: string) => string,
): Promise<{ readonly zip: Blob; readonly lost: number }> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const blobs: Blob[] = [];
  let fault: Error | null = null;
  const zip = new Zip((error, data) => {
    fault ??= error;
    parts.push(data as Uint8Array<ArrayBuffer>);
  });
  const add = async (name: string, file: Blob) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
    // The browser may keep what is in a Blob on the disk.
    blobs.push(new Blob(parts.splice(0)));
  };
  const names = new Set<string>([INDEX]);
  const pictures: { file: string; row: PictureRow }[] = [];
  for (const row of rows) {
    const png = await gallery.png(row.id);
    const file = unused(nameOf(row, png?.type ?? 'image/png'), names);
    if (png && (await isRead(add(file, png)))) pictures.push({ file, row });
  }
  for (const hash of new Set(pictures.flatMap(({ row }) => inputsOf(row)))) {
    const input = await gallery.input(hash);
    if (input) await isRead(add(INPUTS + hash, input));
  }
  await add(INDEX, new Blob([JSON.stringify({ version: VERSION, pictures })]));
  zip.end();
  if (fault) throw fault;
  return {
    zip: new Blob([...blobs, ...parts], { type: 'application/zip' }),
    lost: rows.length - pictures.length,
  };
}

/** Whether the bytes of a file are still there. */
async function isRead(reading: Promise<void>): Promise<boolean> {
  try {
    await reading;
    return true;
  } catch (error) {
    if (toWire(error).code === 'unreadable-file') return false;
    throw error;
  }
}

function unused(name: string, names: Set<string>): string {
  const dot = name.lastIndexOf('.');
  let free = name;
  for (let i = 2; names.has(free); i++) free = `${name.slice(0, dot)}-${i}${name.slice(dot)}`;
  names.add(free);
  return free;
}

/**
 * The pictures in a zip, ours or any other. Each is unpacked by itself when it is opened.
 * @throws AppError unsupported-image where it is not a zip, or too large to unpack
 */
export async function picturesInZip(zip: Blob): Promise<PackedPicture[]> {
  const entries = await readZipEntries(zip);
  const wanted = new Map(
    entries.filter(({ name }) => isOurs(name) || isPicture(name)).map((one) => [one.name, one]),
  );
  if (wanted.size === 0) throw await withoutPictures(zip);
  const total = [...wanted.values()].reduce((sum, { size }) => sum + size, 0);
  if (wanted.size > MAX_FILES || total > MAX_BYTES) throw tooLarge();
  const unzip = async (entry: ZipEntry, type: string) => {
    if (entry.size > MAX_FILE_BYTES) throw tooLargeFile(entry.name);
    return unzipEntry(zip, entry, type);
  };
  const index = wanted.get(INDEX);
  const unread: PackedPicture[] = [];
  const noRows = (error: unknown) => {
    // Without it the pictures have what their own files say.
    unread.push({ name: INDEX, open: () => Promise.reject(error) });
    return new Map<string, PictureRow>();
  };
  const rows = index
    ? await unzip(index, 'application/json').then(readIndex).catch(noRows)
    : new Map<string, PictureRow>();
  const input = async (hash: string | null | undefined) => {
    const entry = hash ? wanted.get(`${INPUTS}${hash}`) : undefined;
    return entry ? unzip(entry, 'image/png') : null;
  };
  const pictures = [...wanted.values()]
    .filter(({ name }) => !isOurs(name))
    .map((entry) => ({
      name: entry.name,
      open: async () => {
        const row = rows.get(entry.name) ?? null;
        const steering = [];
        for (const hash of row?.steering ?? []) steering.push(await input(hash));
        return {
          file: await unzip(entry, typeOf(entry.name)),
          row,
          image: await input(row?.image),
          mask: await input(row?.mask),
          steering: allOf(steering),
        };
      },
    }));
  return [...pictures, ...unread];
}

const allOf = (files: readonly (Blob | null)[]): readonly Blob[] =>
  files.every((file) => file !== null) ? files : [];

const isOurs = (name: string) => name === INDEX || name.startsWith(INPUTS);
const isPicture = (name: string) => PICTURE.test(name) && !/(^|\/)(__MACOSX|\.)/.test(name);
const PICTURE = /\.(png|jpe?g|webp|avif)$/i;
const typeOf = (name: string) => {
  const ending = (PICTURE.exec(name)?.[1] ?? 'png').toLowerCase();
  return `image/${ending === 'jpg' ? 'jpeg' : ending}`;
};

/**
 * The rows by the names of their files; those that cannot be read are left out.
 * @throws AppError unsupported-image where it is no list of rows
 */
async function readIndex(file: Blob): Promise<ReadonlyMap<string, PictureRow>> {
  const index = v.safeParse(Index, parsePythonJson(await file.text()));
  if (!index.success) throw unreadable(INDEX);
  const rows = index.output.pictures.map(({ file, row }) => [file, parseRow(row)] as const);
  return new Map(rows.flatMap(([file, row]) => (row ? [[file, row] as const] : [])));
}

/** Of a zip that holds something else, such as a checkpoint that PyTorch saved. */
async function withoutPictures(zip: Blob): Promise<AppError> {
  const found = await fileKind(zip);
  const details = (
    found === 'pickle' ? { kind: 'not-a-picture', found } : { kind: 'zip-without-pictures' }
  ) satisfies Fault;
  return new AppError('unsupported-image', 'This zip holds no picture.', details);
}

const tooLarge = () =>
  new AppError('unsupported-image', 'This zip holds too much.', { kind: 'zip-too-large' } satisfies Fault);

const tooLargeFile = (name: string) =>
  new AppError('unsupported-image', `${name} is too large.`, {
    ...{ kind: 'too-large-in-zip', most: MAX_FILE_BYTES },
  } as const satisfies Fault);

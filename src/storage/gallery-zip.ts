import { unzip, Zip, ZipPassThrough } from 'fflate';
import * as v from 'valibot';
import { AppError, type Fault, toWire } from '../protocol/errors.ts';
import type { Gallery } from './gallery.ts';
import { type PictureRow, parseRow } from './picture-row.ts';

/** The file of a zip of ours that holds the pictures' rows, each with the name of the picture's file. */
const INDEX = 'gallery.json';
const VERSION = 1;
const Index = v.object({
  version: v.number(),
  pictures: v.array(v.object({ file: v.string(), row: v.unknown() })),
});

/** Limits of what is unpacked: no gallery has larger pictures, nor more of them. */
const MAX_FILE_BYTES = 100e6;
const MAX_FILES = 50_000;
const MAX_BYTES = 2e9;

/** Bytes: zips are read back in one piece, so one of several pictures is not made larger. */
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

/** A picture from a zip. */
export interface ZippedPicture {
  readonly name: string;
  readonly file: Blob;
  /** Null where the zip is not ours. */
  readonly row: PictureRow | null;
  readonly image: Blob | null;
  readonly mask: Blob | null;
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
  for (const hash of new Set(pictures.flatMap(({ row }) => [row.image, row.mask]))) {
    const input = hash && (await gallery.input(hash));
    if (input) await isRead(add(`inputs/${hash}`, input));
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
 * The pictures in a zip, ours or any other.
 * @throws AppError unsupported-image where it is not a zip, or too large to unpack
 */
export async function unzipPictures(file: Blob): Promise<ZippedPicture[]> {
  if (file.size > MAX_BYTES) throw tooLarge();
  const entries = await unpack(new Uint8Array(await file.arrayBuffer()));
  const index = v.safeParse(Index, parseJson(entries[INDEX]));
  const rows = new Map(
    (index.success ? index.output.pictures : []).map(({ file: name, row }) => [name, parseRow(row)]),
  );
  const input = (hash: string | null | undefined) => {
    const bytes = hash ? entries[`inputs/${hash}`] : undefined;
    return bytes ? new Blob([bytes], { type: 'image/png' }) : null;
  };
  return Object.entries(entries).flatMap(([name, bytes]) => {
    if (name === INDEX || name.startsWith('inputs/') || !isPicture(name)) return [];
    const row = rows.get(name) ?? null;
    const type = name.endsWith('.png') ? 'image/png' : name.endsWith('.webp') ? 'image/webp' : 'image/jpeg';
    return [
      { name, file: new Blob([bytes], { type }), row, image: input(row?.image), mask: input(row?.mask) },
    ];
  });
}

const isPicture = (name: string) => /\.(png|jpe?g|webp)$/i.test(name) && !/(^|\/)(__MACOSX|\.)/.test(name);

function unpack(bytes: Uint8Array): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  let [count, total] = [0, 0];
  return new Promise((resolve, reject) => {
    unzip(
      bytes,
      {
        filter: ({ name, originalSize }) => {
          const isWanted = name === INDEX || name.startsWith('inputs/') || isPicture(name);
          if (!isWanted || originalSize > MAX_FILE_BYTES) return false;
          count++;
          total += originalSize;
          return count <= MAX_FILES && total <= MAX_BYTES;
        },
      },
      (error, entries) => {
        if (error) reject(damaged(error.message));
        else if (count > MAX_FILES || total > MAX_BYTES) reject(tooLarge());
        else resolve(entries as Record<string, Uint8Array<ArrayBuffer>>);
      },
    );
  });
}

const damaged = (found: string) =>
  new AppError('unsupported-image', `This zip cannot be read: ${found}.`, {
    kind: 'damaged-zip',
  } satisfies Fault);

const tooLarge = () =>
  new AppError('unsupported-image', 'This zip holds too much.', { kind: 'zip-too-large' } satisfies Fault);

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

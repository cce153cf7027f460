import { Inflate } from 'fflate';
import { AppError, type Fault } from '../protocol/errors.ts';

/** A file in a zip, as the zip's directory lists it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes, unpacked and packed. */
  readonly size: number;
  readonly packedSize: number;
  /** How it is packed (APPNOTE 4.4.5), and where its header is. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly start: number;
}

const [STORED, DEFLATED] = [0, 8];
const END = 0x06054b50;
const END_BYTES = 22;
/** Of the comment behind the end. */
const MAX_COMMENT = 65_535;
/** Far more than the names of as many files as are read. */
const MAX_DIRECTORY = 50e6;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const HEADER = 0x04034b50;
const HEADER_BYTES = 30;
const ENCRYPTED = 1;
/** Deflate packs 1032 times at most; what packs more than this is no picture. */
const MAX_RATIO = 100;
/** Packed bytes that are unpacked at a time. */
const STRETCH = 16_384;

/**
 * The files that a zip's directory lists (PKWARE APPNOTE 6.3, 4.3.12 and 4.3.16); nothing is unpacked. Only the directory
 * is certain: streamed zips, ours among them, have no sizes before their files.
 * @throws AppError unsupported-image for what is no zip, and for one whose files overlap
 */
export async function readZipEntries(file: Blob): Promise<readonly ZipEntry[]> {
  const tailAt = Math.max(0, file.size - END_BYTES - MAX_COMMENT);
  const tail = await view(file.slice(tailAt));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw damaged('no directory');
  const [size, start] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  if (start + size > tailAt + at || size > MAX_DIRECTORY) throw damaged('a directory outside the file');
  const entries = entriesIn(await view(file.slice(start, start + size)));
  const packed = entries.reduce((sum, { packedSize }) => sum + packedSize, 0);
  if (packed > file.size) throw damaged('files that overlap');
  return entries;
}

function entriesIn(directory: DataView): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.byteLength; ) {
    const number = (offset: number) => directory.getUint32(at + offset, true);
    const half = (offset: number) => directory.getUint16(at + offset, true);
    if (number(0) !== ENTRY) throw damaged('something else in its directory');
    const nameBytes = half(28);
    const next = at + ENTRY_BYTES + nameBytes + half(30) + half(32);
    if (next > directory.byteLength) throw damaged('a directory cut off');
    entries.push({
      name: new TextDecoder().decode(
        new Uint8Array(directory.buffer, directory.byteOffset + at + ENTRY_BYTES, nameBytes),
      ),
      isEncrypted: (half(8) & ENCRYPTED) !== 0,
      method: half(10),
      packedSize: number(20),
      size: number(24),
      start: number(42),
    });
    at = next;
  }
  return entries;
}

/**
 * What a file in a zip holds. One that is not packed stays where it is.
 * @throws AppError unsupported-image where it cannot be unpacked, or unpacks to more than it said or a picture can be
 */
export async function unzipEntry(file: Blob, entry: ZipEntry, type: string): Promise<Blob> {
  const { name, method, start, size, packedSize } = entry;
  if (entry.isEncrypted || (method !== STORED && method !== DEFLATED)) throw unreadable(name);
  const header = await view(file.slice(start, start + HEADER_BYTES));
  if (header.byteLength < HEADER_BYTES || header.getUint32(0, true) !== HEADER) throw unreadable(name);
  const from = start + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = file.slice(from, from + packedSize, type);
  if (packed.size !== packedSize) throw unreadable(name);
  if (method === STORED && size === packedSize) return packed;
  if (method === STORED || size > MAX_RATIO * packedSize) throw unreadable(name);
  return inflated(packed, entry);
}

async function inflated(packed: Blob, { name, size }: ZipEntry): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const inflate = new Inflate((part) => {
    bytes += part.length;
    if (bytes > size) throw unreadable(name);
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  try {
    for (let at = 0; at < packed.size; at += STRETCH) {
      const stretch = new Uint8Array(await packed.slice(at, at + STRETCH).arrayBuffer());
      inflate.push(stretch, at + STRETCH >= packed.size);
    }
  } catch {
    throw unreadable(name);
  }
  if (bytes !== size) throw unreadable(name);
  return new Blob(parts, { type: packed.type });
}

const view = async (part: Blob) => new DataView(await part.arrayBuffer());

const damaged = (found: string) =>
  new AppError('unsupported-image', `This zip cannot be read: it has ${found}.`, {
    kind: 'damaged-zip',
  } satisfies Fault);

/** For a file in a zip that cannot be read. */
export const unreadable = (name: string) =>
  new AppError('unsupported-image', `${name} cannot be unpacked.`, { kind: 'not-unpacked' } satisfies Fault);

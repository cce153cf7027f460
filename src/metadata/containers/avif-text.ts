import { exifTexts } from './exif.ts';

/** What comes before an AVIF's pixels is shorter. */
const HEAD_BYTES = 4_000_000;
const MAX_EXIF_BYTES = 8_000_000;
const MAX_BOXES = 1000;

const BRANDS: readonly string[] = ['avif', 'avis', 'mif1'];
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Whether a file begins like an AVIF, or like another picture in HEIF. */
export const isAvif = (head: Uint8Array): boolean =>
  latin1(head.subarray(4, 8)) === 'ftyp' && BRANDS.includes(latin1(head.subarray(8, 12)));

/** Bytes of a box, from its content on (ISO/IEC 14496-12, section 4.2). */
interface Box {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** The texts in an AVIF's EXIF (`exifTexts`): an item of type `Exif` in its `meta` box (ISO/IEC 23008-12, annex A). */
export async function readAvifTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  const view = new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const meta = boxes(view, 0, view.byteLength).find(({ kind }) => kind === 'meta');
  // Its version and flags come before the boxes in it.
  const inMeta = meta ? boxes(view, meta.from + 4, meta.to) : [];
  const [info, location] = ['iinf', 'iloc'].map((name) => inMeta.find(({ kind }) => kind === name));
  const id = info && exifItem(view, info);
  const at = location && id !== undefined ? itemLocation(view, location, id) : undefined;
  if (!at || at.length > MAX_EXIF_BYTES) return new Map();
  const bytes = new Uint8Array(await file.slice(at.from, at.from + at.length).arrayBuffer());
  if (bytes.length < 4) return new Map();
  // The first four bytes say how far on the TIFF header is.
  const offset = new DataView(bytes.buffer).getUint32(0);
  return exifTexts(bytes.subarray(Math.min(bytes.length, 4 + offset)));
}

/** The boxes in a part of a file, as far as they are inside it. */
function boxes(view: DataView, from: number, to: number): readonly Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= Math.min(to, view.byteLength) && found.length < MAX_BOXES; ) {
    const kind = latin1(new Uint8Array(view.buffer, at + 4, 4));
    const isLarge = view.getUint32(at) === 1 && at + 16 <= view.byteLength;
    const head = isLarge ? 16 : 8;
    const length = isLarge ? Number(view.getBigUint64(at + 8)) : view.getUint32(at) || to - at;
    if (length < head) break;
    found.push({ kind, from: at + head, to: Math.min(to, at + length) });
    at += length;
  }
  return found;
}

/** The number of the item of type `Exif` (section 8.11.6). */
function exifItem(view: DataView, { from, to }: Box): number | undefined {
  if (from + 8 > to) return undefined;
  const entries = from + 4 + (view.getUint8(from) === 0 ? 2 : 4);
  for (const entry of boxes(view, entries, to)) {
    if (entry.kind !== 'infe' || entry.from + 14 > entry.to) continue;
    const version = view.getUint8(entry.from);
    const size = version === 3 ? 4 : 2;
    const type = entry.from + 4 + size + 2;
    if (version >= 2 && latin1(new Uint8Array(view.buffer, type, 4)) === 'Exif')
      return size === 4 ? view.getUint32(entry.from + 4) : view.getUint16(entry.from + 4);
  }
  return undefined;
}

/** Where the first part of an item is in the file (section 8.11.3); undefined if it is not in the file itself. */
function itemLocation(
  view: DataView,
  { from, to }: Box,
  wanted: number,
): { from: number; length: number } | undefined {
  let at = from;
  const read = (size: number) => {
    if (at + size > to) throw new RangeError('The box ends before its content.');
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + view.getUint8(at++);
    return value;
  };
  try {
    const version = read(1);
    read(3);
    const [sizes, more] = [read(1), read(1)];
    const [ofOffset, ofLength, ofBase] = [sizes >> 4, sizes & 15, more >> 4];
    const ofIndex = version === 0 ? 0 : more & 15;
    const idSize = version === 2 ? 4 : 2;
    const count = Math.min(read(idSize), MAX_BOXES);
    for (let i = 0; i < count; i++) {
      const id = read(idSize);
      const method = version === 0 ? 0 : read(2) & 15;
      read(2);
      const base = read(ofBase);
      const extents = read(2);
      for (let extent = 0; extent < extents; extent++) {
        read(ofIndex);
        const [offset, length] = [read(ofOffset), read(ofLength)];
        if (id === wanted && method === 0) return { from: base + offset, length };
      }
    }
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
  }
  return undefined;
}

import type { ByteRange } from '../graph/graph.ts';
import { bytes, int } from './protobuf.ts';

/** A stretch of a file that onnxruntime gets as a file of its own. */
export interface FilePart {
  /** The name it has in the model. */
  readonly name: string;
  /** Of the file. */
  readonly path: string;
  /** Its first byte in the file, and the one after its last. */
  readonly start: number;
  readonly end: number;
}

/** onnxruntime-web counts offsets in 32 bits, and all but one of its builds read a Blob as a whole. */
const PART_BYTES = 2 ** 30;

/**
 * Splits files into stretches without gaps, of at most 1 GiB each; a tensor stays in one piece, even one that is larger.
 * @param ranges of the tensors
 * @returns the parts, and where in them each of the ranges is
 */
export function splitFiles(ranges: readonly ByteRange[]): {
  readonly parts: readonly FilePart[];
  readonly place: (range: ByteRange) => ByteRange;
} {
  const parts: { name: string; path: string; start: number; end: number }[] = [];
  const places = new Map<ByteRange, ByteRange>();
  const order = (a: ByteRange, b: ByteRange) =>
    a.path === b.path ? a.offset - b.offset : a.path < b.path ? -1 : 1;
  for (const range of [...ranges].sort(order)) {
    const { path, offset, length } = range;
    const end = offset + length;
    let part = parts.at(-1);
    if (part?.path === path && offset <= part.end && end - part.start <= PART_BYTES) {
      part.end = Math.max(part.end, end);
    } else {
      part = { name: `part-${parts.length}`, path, start: offset, end };
      parts.push(part);
    }
    places.set(range, { path: part.name, offset: offset - part.start, length });
  }
  return { parts, place: (range) => places.get(range) as ByteRange };
}

/** The fields of a TensorProto that say where its bytes are: external_data 13, data_location 14. */
export function externalData({ path, offset, length }: ByteRange): Uint8Array[] {
  const entries = { location: path, offset: String(offset), length: String(length) };
  const pairs = Object.entries(entries).map(([key, value]) => bytes(13, [bytes(1, key), bytes(2, value)]));
  return [...pairs, int(14, 1)];
}

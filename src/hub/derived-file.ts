import { type ContentHash, sha256Hash } from './content-hash.ts';
import type { BlobStore, OpenFile, PartialFile } from './store.ts';

/** What is made of a file as it arrives: another file, which is written from first to last. */
export interface Derivation {
  /** Where in that file, near its beginning, there is room for notes, which are spaces in the end. */
  readonly notes: { readonly offset: number; readonly length: number };
  /** Begins at a boundary of an earlier stream, or at 0. */
  stream(position: number, append: (bytes: Uint8Array<ArrayBuffer>) => void): DerivedStream;
}

/** Takes a file's bytes one after another. */
export interface DerivedStream {
  /** Bytes of the source so far. */
  readonly position: number;
  /** Whether another stream can begin here. */
  readonly isBoundary: boolean;
  write(bytes: Uint8Array): void;
}

/** Bytes of the source that may have to come again after a crash. */
const NOTE_BYTES = 64 * 2 ** 20;
/** Before the hash's state: bytes of the source, bytes that were made of them, the state's length, and the sum of all bytes. */
const HEAD = 24;

/** How far both files were at a boundary. */
interface Note {
  readonly position: number;
  readonly size: number;
  readonly hash: Uint8Array;
}

/**
 * A file of which only what is made of it is kept. For the downloader it is a file like others: it has as many bytes as have arrived,
 * and continues there. Every 64 MB, and when it is closed, it writes down how far it is, with the state of the hash, by turns in two
 * places, so that one of them is whole wherever a crash comes.
 */
export async function openDerived(
  store: Pick<BlobStore, 'openPartial'>,
  name: string,
  derivation: Derivation,
  noteBytes = NOTE_BYTES,
): Promise<PartialFile> {
  const hash = await sha256Hash();
  const file = await store.openPartial(name);
  try {
    return new DerivedFile(file, derivation, hash, noteBytes);
  } catch (error) {
    file.close();
    throw error;
  }
}

class DerivedFile implements PartialFile {
  readonly hash: ContentHash;
  readonly #file: OpenFile;
  readonly #derivation: Derivation;
  #stream: DerivedStream;
  #last: Note | undefined;
  #written = 0;
  readonly #noteBytes: number;
  #turn = 0;

  constructor(file: OpenFile, derivation: Derivation, hash: ContentHash, noteBytes: number) {
    this.#noteBytes = noteBytes;
    this.hash = hash;
    this.#file = file;
    this.#derivation = derivation;
    this.#stream = this.#resumed() ?? this.#begun();
  }

  get size(): number {
    return this.#stream.position;
  }

  read(): Uint8Array {
    throw new RangeError('The bytes of the source are not kept.');
  }

  append(bytes: Uint8Array): void {
    this.#stream.write(bytes);
    this.hash.update(bytes);
    if (!this.#stream.isBoundary) return;
    const { position } = this.#stream;
    this.#last = { position, size: this.#file.size, hash: this.hash.save() };
    if (position - this.#written >= this.#noteBytes) this.#note();
  }

  clear(): void {
    this.#stream = this.#begun();
  }

  close(): void {
    try {
      this.#note();
    } catch {
      // What is not noted comes again; why it is closed matters more.
    }
    this.#file.close();
  }

  async finish(name: string): Promise<void> {
    const { offset, length } = this.#derivation.notes;
    this.#file.write(offset, new Uint8Array(length).fill(0x20));
    await this.#file.finish(name);
  }

  #begun(): DerivedStream {
    this.hash.reset();
    this.#file.clear();
    this.#last = undefined;
    this.#written = 0;
    return this.#derivation.stream(0, (bytes) => this.#file.append(bytes));
  }

  /** Continues where the later of both notes says that both files were. */
  #resumed(): DerivedStream | undefined {
    const notes = [0, 1].map((turn) => this.#noteAt(turn));
    const [even, odd] = notes;
    const last = (odd?.position ?? -1) > (even?.position ?? -1) ? odd : even;
    if (!last) return undefined;
    this.#turn = last === even ? 1 : 0;
    try {
      this.hash.load(last.hash);
    } catch {
      return undefined;
    }
    this.#file.cut(last.size);
    this.#last = last;
    this.#written = last.position;
    return this.#derivation.stream(last.position, (bytes) => this.#file.append(bytes));
  }

  #note(): void {
    const note = this.#last;
    if (!note || note.position === this.#written) return;
    const bytes = new Uint8Array(HEAD + note.hash.length);
    const view = new DataView(bytes.buffer);
    view.setFloat64(0, note.position);
    view.setFloat64(8, note.size);
    view.setUint32(16, note.hash.length);
    bytes.set(note.hash, HEAD);
    view.setUint32(20, sum(bytes));
    // What is written down must be there first.
    this.#file.flush();
    this.#file.write(this.#placeOf(this.#turn), bytes);
    this.#file.flush();
    this.#turn = 1 - this.#turn;
    this.#written = note.position;
  }

  #noteAt(turn: number): Note | undefined {
    const place = this.#placeOf(turn);
    if (this.#file.size < place + HEAD) return undefined;
    const bytes = this.#file.read(place, this.#derivation.notes.length / 2).slice();
    const view = new DataView(bytes.buffer);
    const [position, size] = [view.getFloat64(0), view.getFloat64(8)];
    const [length, expected] = [view.getUint32(16), view.getUint32(20)];
    if (HEAD + length > bytes.length) return undefined;
    view.setUint32(20, 0);
    const isWhole = sum(bytes.subarray(0, HEAD + length)) === expected && size <= this.#file.size;
    if (!isWhole || length === 0) return undefined;
    return { position, size, hash: bytes.slice(HEAD, HEAD + length) };
  }

  #placeOf(turn: number): number {
    const { offset, length } = this.#derivation.notes;
    return offset + (turn * length) / 2;
  }
}

/** FNV-1a, which tells whether all of a note is there. */
function sum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

import type { BlobStore, OpenFile } from '../store.ts';

/** A file in memory: what is there, and what a crash leaves of it. */
class MemoryFile {
  #bytes = new Uint8Array(1 << 16);
  #flushed = new Uint8Array();
  size = 0;

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.size);
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, offset);
    this.size = Math.max(this.size, end);
  }

  flush(): void {
    this.#flushed = this.bytes.slice();
  }

  crash(): void {
    this.#bytes = this.#flushed.slice();
    this.size = this.#bytes.length;
  }
}

/** A store in memory that loses what was not flushed, and knows how many bytes it had at most. */
export class MemoryStore {
  readonly #files = new Map<string, MemoryFile>();
  mostBytes = 0;

  /** As what takes one. */
  get store(): BlobStore {
    return this as unknown as BlobStore;
  }

  bytes(name: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#files.get(name)?.bytes;
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  /** The power goes. */
  crash(): void {
    for (const file of this.#files.values()) file.crash();
  }

  async find(name: string): Promise<Blob | undefined> {
    const bytes = this.bytes(name);
    return bytes && new Blob([bytes]);
  }

  async sizeOf(name: string): Promise<number> {
    return (this.bytes(name) ?? this.bytes(`${name}.part`))?.length ?? 0;
  }

  async openPartial(name: string): Promise<OpenFile> {
    const file = this.#files.get(`${name}.part`) ?? new MemoryFile();
    this.#files.set(`${name}.part`, file);
    const write = (offset: number, bytes: Uint8Array) => {
      file.write(offset, bytes);
      const all = [...this.#files.values()].reduce((sum, { size }) => sum + size, 0);
      this.mostBytes = Math.max(this.mostBytes, all);
    };
    const cut = (size: number) => {
      file.size = size;
    };
    return {
      get size() {
        return file.size;
      },
      read: (offset, length) => file.bytes.slice(offset, offset + length),
      append: (bytes) => write(file.size, bytes),
      write,
      cut,
      clear: () => cut(0),
      flush: () => file.flush(),
      close: () => file.flush(),
      finish: async (to) => {
        file.flush();
        this.#files.delete(`${name}.part`);
        this.#files.set(to, file);
      },
    };
  }
}

import { type ByteSource, free } from '../graph/byte-source.ts';

/** How many bytes are read at once: that much of a file is in the JS heap on its way to the GPU. */
const PIECE = 4 * 2 ** 20;

/**
 * A Blob that reports how many of its bytes are asked for. onnxruntime's JSPI build reads external data one tensor at a time,
 * by `slice` and `stream`, the Asyncify build all of it, by `arrayBuffer`.
 */
export class WatchedBlob extends Blob {
  readonly #data: ByteSource;
  readonly #onRead: (bytes: number) => void;

  constructor(data: ByteSource, onRead: (bytes: number) => void) {
    super();
    this.#data = data;
    this.#onRead = onRead;
  }

  override get size(): number {
    return this.#data.size;
  }

  override slice(start = 0, end = this.size): Blob {
    this.#onRead(end - start);
    return new SteadyBlob(this.#data.slice(start, end));
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    this.#onRead(this.size);
    return this.#data.arrayBuffer();
  }
}

/**
 * A Blob whose stream always ends. In a worker of Chromium 156 about three of a thousand streams of a file's slices never
 * ended; `arrayBuffer`, which this stream uses, ended ten thousand times out of ten thousand, and sooner.
 */
class SteadyBlob extends Blob {
  readonly #data: ByteSource;

  constructor(data: ByteSource) {
    super();
    this.#data = data;
  }

  override get size(): number {
    return this.#data.size;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#data.arrayBuffer();
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0;
    return new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: PIECE,
      pull: async (controller) => {
        // Never null: without a reader's own buffer the stream allocates one.
        const request = controller.byobRequest as ReadableStreamBYOBRequest;
        const view = request.view as ArrayBufferView<ArrayBuffer>;
        const end = Math.min(this.size, at + Math.min(view.byteLength, PIECE));
        const bytes = await this.#data.slice(at, end).arrayBuffer();
        new Uint8Array(view.buffer, view.byteOffset).set(new Uint8Array(bytes));
        free(bytes);
        if (at === end) controller.close();
        request.respond(end - at);
        at = end;
      },
    });
  }
}

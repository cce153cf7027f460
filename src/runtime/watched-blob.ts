/** How many bytes are read at once: that much of a file is in the JS heap on its way to the GPU. */
const PIECE = 4 * 2 ** 20;

/**
 * A Blob that reports how many of its bytes are asked for. onnxruntime reads external data one tensor at a time, by `slice`
 * and `stream`.
 */
export class WatchedBlob extends Blob {
  readonly #onRead: (bytes: number) => void;

  constructor(data: Blob, onRead: (bytes: number) => void) {
    super([data]);
    this.#onRead = onRead;
  }

  override slice(start = 0, end = this.size, type?: string): Blob {
    this.#onRead(end - start);
    return new SteadyBlob([super.slice(start, end, type)]);
  }
}

/**
 * A Blob whose stream always ends. In a worker of Chromium 156 about three of a thousand streams of a file's slices never
 * ended; `arrayBuffer`, which this stream uses, ended ten thousand times out of ten thousand, and sooner.
 */
class SteadyBlob extends Blob {
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
        const bytes = await this.slice(at, end).arrayBuffer();
        new Uint8Array(view.buffer, view.byteOffset).set(new Uint8Array(bytes));
        free(bytes);
        if (at === end) controller.close();
        request.respond(end - at);
        at = end;
      },
    });
  }
}

/** Releases a buffer's memory at once (ES2024); the garbage collector would let hundreds of megabytes pile up. */
function free(buffer: ArrayBuffer & { readonly transfer?: (length: number) => void }): void {
  buffer.transfer?.(0);
}

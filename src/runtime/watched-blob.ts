/** Bytes read at once: what is in the JS heap of a file on its way to the GPU. */
const PIECE = 4 * 2 ** 20;

/**
 * A Blob that tells how many bytes of it are asked for. onnxruntime reads external data by `slice`, a tensor at a time, and
 * that by `stream`.
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
 * A Blob whose stream always ends. In a worker of Chromium 156 about three of a thousand streams of slices of a file never
 * did; `arrayBuffer`, which this one is made of, did ten thousand times, and sooner.
 */
class SteadyBlob extends Blob {
  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0;
    return new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: PIECE,
      pull: async (controller) => {
        // There is one: without a reader's own buffer the stream allocates it.
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

/** Gives its memory back at once (ES2024): the garbage collector lets hundreds of megabytes gather. */
function free(buffer: ArrayBuffer & { readonly transfer?: (length: number) => void }): void {
  buffer.transfer?.(0);
}

/** A Blob that tells how many bytes of it are asked for. onnxruntime reads external data by `slice`, a tensor at a time. */
export class WatchedBlob extends Blob {
  readonly #onRead: (bytes: number) => void;

  constructor(data: Blob, onRead: (bytes: number) => void) {
    super([data]);
    this.#onRead = onRead;
  }

  override slice(start = 0, end = this.size, type?: string): Blob {
    this.#onRead(end - start);
    return super.slice(start, end, type);
  }
}

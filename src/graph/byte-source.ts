/** Bytes that are read when they are asked for: a Blob, or what is read like one. */
export interface ByteSource {
  readonly size: number;
  slice(start: number, end: number): ByteSource;
  /** A buffer that is the caller's own. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Releases a buffer's memory at once (ES2024); the garbage collector would let hundreds of megabytes pile up. */
export function free(buffer: ArrayBuffer & { readonly transfer?: (length: number) => void }): void {
  buffer.transfer?.(0);
}

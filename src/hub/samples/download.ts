import { createHash, randomBytes } from 'node:crypto';
import type { Hub } from '../../../e2e/hub.mjs';
import { download, type RetryPolicy } from '../download.ts';
import { fileUrl } from '../hub.ts';
import type { FileRequest } from '../request-file.ts';
import type { PartialFile } from '../store.ts';

/** A file of weights, and a small one. */
export const WEIGHTS = randomBytes(1_000_000);
export const PATH = 'a/b/unet/model.safetensors';
export const CONFIG = Buffer.from('{"sample_size": 16}');
/** A busy machine must not look like a stalled connection. */
export const RETRY_POLICY = { stallMs: 30_000, pauseMs: 1, attempts: 4 };

export const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
export const gitSha1 = (data: Uint8Array) =>
  createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');

/** Puts both into a repository of the test's hub. */
export function serveFiles(hub: Hub): void {
  const files = new Map([
    ['unet/model.safetensors', WEIGHTS],
    ['config.json', CONFIG],
  ]);
  hub.repos.set('a/b', { files });
}

/** An unfinished file, in memory. */
export function partial(bytes: Uint8Array = new Uint8Array()): PartialFile & { bytes(): Buffer } {
  let data = Buffer.from(bytes);
  return {
    get size() {
      return data.length;
    },
    bytes: () => data,
    read: (offset, length) => data.subarray(offset, offset + length),
    append: (more) => {
      data = Buffer.concat([data, more]);
    },
    clear: () => {
      data = Buffer.alloc(0);
    },
    close: () => {},
    finish: async () => {},
  };
}

/** Asks for the weights. */
export function fileRequest(hub: Hub, change: Partial<FileRequest> = {}): FileRequest {
  const url = fileUrl({ endpoint: hub.url, token: null }, 'a/b', hub.sha('a/b'), 'unet/model.safetensors');
  const file = { url, repo: 'a/b', path: 'model.safetensors', size: WEIGHTS.length, oid: sha256(WEIGHTS) };
  return { ...file, token: null, ...change };
}

/** Downloads into a file; gives what was heard of it. */
export async function downloadInto(file: FileRequest, into: PartialFile, retry: RetryPolicy = RETRY_POLICY) {
  const heard: number[] = [];
  const waits: number[] = [];
  const options = {
    signal: new AbortController().signal,
    retry,
    onBytes: (n: number) => heard.push(n),
    onWait: (s: number) => waits.push(s),
  };
  await download(file, into, options);
  return { heard, waits };
}

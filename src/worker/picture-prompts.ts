import { clipSquare } from '../image/clip-patches.ts';
import { readImage } from '../image/read-image.ts';
import type { PictureOfPrompt, PicturePromptRequest } from '../loaders/family.ts';
import type { FoundIpAdapter } from '../loaders/ip-adapter/find-ip-adapters.ts';
import type { PicturePrompt } from '../protocol/control.ts';

/**
 * Reads the pictures of a request's picture prompts.
 * @param found what each of them is read by
 * @throws AppError unsupported-image for one that is no picture; out-of-memory
 */
export async function readPicturePrompts(
  prompts: readonly PicturePrompt[],
  found: readonly FoundIpAdapter[],
): Promise<PicturePromptRequest[]> {
  const requests: PicturePromptRequest[] = [];
  for (const [i, { pictures: files, scale, parts }] of prompts.entries()) {
    const { file: adapter, encoder } = found[i] as FoundIpAdapter;
    const pictures: PictureOfPrompt[] = [];
    for (const file of files) {
      // What the encoder does not see is not kept: a photo has a hundred times as many pixels.
      const picture = clipSquare(await readImage(file), encoder.config.image_size);
      pictures.push({ picture, hash: await hashOf(file) });
    }
    requests.push({ file: adapter, encoder, pictures, scale, parts });
  }
  return requests;
}

/** A file's SHA-256, by which a picture that was encoded before is known. */
async function hashOf(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

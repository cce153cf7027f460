import * as v from 'valibot';
import { parsePythonJson } from '../../protocol/python-json.ts';

const Header = v.object({
  __metadata__: v.object({ 'modelspec.thumbnail': v.pipe(v.string(), v.maxLength(2_000_000)) }),
});
const DATA_URL = /^data:(image\/(?:jpeg|png|webp|avif));base64,([\w+/=]+)$/;

/**
 * The picture that a model's file holds of what it makes, by the ModelSpec standard (Stability-AI/ModelSpec,
 * `modelspec.thumbnail`: a data URL). What is in it nobody has looked at yet.
 * @param file a .safetensors file that has been checked
 * @returns null where there is none, or what is there is no picture
 */
export async function readModelspecThumbnail(file: Blob): Promise<Blob | null> {
  const bytes = new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true);
  const header = v.safeParse(Header, parsePythonJson(await file.slice(8, 8 + Number(bytes)).text()));
  if (!header.success) return null;
  const [, type, base64] = DATA_URL.exec(header.output.__metadata__['modelspec.thumbnail']) ?? [];
  if (type === undefined || base64 === undefined) return null;
  try {
    return new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type });
  } catch {
    // No base64 after all.
    return null;
  }
}

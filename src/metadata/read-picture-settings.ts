import type { PictureSettings } from '../protocol/picture-settings.ts';
import { readParameters } from './a1111.ts';
import { readComfyPrompt, readComfyWorkflow } from './comfyui.ts';
import { readInvokeMetadata, readSdMetadata } from './invokeai.ts';
import { isJpeg, isWebp, readJpegTexts, readWebpTexts } from './jpeg-webp-text.ts';
import { isPng, readPngTexts } from './png-text.ts';
import { readSettingsJson, SAFELIGHT_KEYWORD } from './safelight.ts';

/** The reader for each keyword; if a file has several, the first of them here counts, which says the most. */
const READERS: Readonly<Record<string, (text: string) => PictureSettings | null>> = {
  [SAFELIGHT_KEYWORD]: readSettingsJson,
  parameters: readParameters,
  prompt: readComfyPrompt,
  workflow: readComfyWorkflow,
  invokeai_metadata: readInvokeMetadata,
  'sd-metadata': readSdMetadata,
};

/**
 * The settings inside a PNG, JPEG or WebP from any of the four tools; null if there are none. It is quick for every file:
 * texts, chunks, nodes and depths are all limited.
 */
export async function readPictureSettings(file: Blob): Promise<PictureSettings | null> {
  const texts = await readTexts(file);
  for (const [keyword, read] of Object.entries(READERS)) {
    const text = texts.get(keyword);
    const settings = text === undefined ? null : read(text);
    if (settings) return settings;
  }
  return null;
}

async function readTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  if (isPng(head)) return readPngTexts(file);
  if (isJpeg(head)) return readJpegTexts(file);
  if (isWebp(head)) return readWebpTexts(file);
  return new Map();
}

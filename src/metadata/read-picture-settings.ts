import type { PictureSettings, Tool } from '../protocol/picture-settings.ts';
import { isAvif, readAvifTexts } from './avif-text.ts';
import { readComfyPrompt, readComfyWorkflow } from './comfyui.ts';
import { parseGraphJson } from './comfyui-graph.ts';
import { readDrawThingsJson, readDrawThingsXmp } from './draw-things.ts';
import { readEasyJson, readEasyTexts } from './easy-diffusion.ts';
import { readFooocusJson } from './fooocus.ts';
import { readInvokeMetadata, readSdMetadata } from './invokeai.ts';
import { isJpeg, isWebp, readJpegTexts, readWebpTexts, XMP_KEYWORD } from './jpeg-webp-text.ts';
import { readNovelComment, readNovelJson } from './novelai.ts';
import { isPng, readPngTexts } from './png-text.ts';
import { readParameters } from './read-parameters.ts';
import { readSettingsJson, SAFELIGHT_KEYWORD } from './safelight.ts';
import { readSwarmJson } from './swarmui.ts';

/** The readers of JSON, which several tools write where A1111 has its text. */
const JSON_READERS = [readSwarmJson, readFooocusJson, readEasyJson, readDrawThingsJson, readNovelJson];

function readParametersOrJson(text: string): PictureSettings | null {
  if (!text.trimStart().startsWith('{')) return readParameters(text);
  const json = parseGraphJson(text);
  for (const read of JSON_READERS) {
    const settings = read(json);
    if (settings) return settings;
  }
  return readParameters(text);
}

/** The reader for each keyword; if a file has several, the first of them here counts, which says the most. */
const READERS: Readonly<Record<string, (text: string) => PictureSettings | null>> = {
  [SAFELIGHT_KEYWORD]: readSettingsJson,
  parameters: readParametersOrJson,
  prompt: readComfyPrompt,
  workflow: readComfyWorkflow,
  invokeai_metadata: readInvokeMetadata,
  'sd-metadata': readSdMetadata,
  [XMP_KEYWORD]: readDrawThingsXmp,
};

/**
 * The settings inside a PNG, JPEG, WebP or AVIF from any of the tools; null if there are none. It is quick for every file:
 * texts, chunks, nodes and depths are all limited.
 */
export async function readPictureSettings(file: Blob): Promise<PictureSettings | null> {
  const texts = await readTexts(file);
  for (const [keyword, read] of Object.entries(READERS)) {
    const text = texts.get(keyword);
    const settings = text === undefined ? null : read(text);
    if (settings) return settings;
  }
  return readComment(texts) ?? readEasyTexts(texts) ?? unreadable(texts);
}

/** Whose JSON a keyword has. */
const OWNERS: Readonly<Record<string, Tool>> = {
  prompt: 'ComfyUI',
  workflow: 'ComfyUI',
  invokeai_metadata: 'InvokeAI',
  'sd-metadata': 'InvokeAI',
};

/** Says so where a tool did write settings; null for a file without any. */
function unreadable(texts: ReadonlyMap<string, string>): PictureSettings | null {
  const owner = Object.entries(OWNERS).find(([keyword]) => texts.get(keyword)?.trimStart().startsWith('{'));
  return owner ? { tool: owner[1], settings: {}, notes: [{ kind: 'unreadable' }] } : null;
}

/** `Comment` is anybody's keyword: `Software` says whose. */
function readComment(texts: ReadonlyMap<string, string>): PictureSettings | null {
  const comment = texts.get('Comment');
  if (comment === undefined) return null;
  if (texts.get('Software') === 'Draw Things') return readDrawThingsJson(parseGraphJson(comment));
  return texts.get('Software') === 'NovelAI' ? readNovelComment(comment, texts.get('Source')) : null;
}

async function readTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  if (isPng(head)) return readPngTexts(file);
  if (isJpeg(head)) return readJpegTexts(file);
  if (isWebp(head)) return readWebpTexts(file);
  if (isAvif(head)) return readAvifTexts(file);
  return new Map();
}

import { type PictureSettings, type SettingsNote, TOOLS, type Tool } from '../protocol/picture-settings.ts';
import { readParameters } from './a1111/read-parameters.ts';
import { readComfyPrompt, readComfyWorkflow } from './comfyui/comfyui.ts';
import { parseGraphJson } from './comfyui/graph.ts';
import { isAvif, readAvifTexts } from './containers/avif-text.ts';
import { COMMENT_KEYWORD } from './containers/exif.ts';
import { isJpeg, isWebp, readJpegTexts, readWebpTexts, XMP_KEYWORD } from './containers/jpeg-webp-text.ts';
import { isPng, readPngTexts } from './containers/png-text.ts';
import { readSettingsJson, SAFELIGHT_KEYWORD } from './safelight.ts';
import { readDrawThingsJson, readDrawThingsXmp } from './tools/draw-things.ts';
import { readEasyJson, readEasyTexts } from './tools/easy-diffusion.ts';
import { readFooocusJson } from './tools/fooocus.ts';
import { readInvokeMetadata, readSdMetadata } from './tools/invokeai.ts';
import { readNovelComment, readNovelJson } from './tools/novelai.ts';
import { readSwarmJson } from './tools/swarmui.ts';

/** The readers of JSON, which several tools write where A1111 has its text. */
const JSON_READERS = [readSwarmJson, readFooocusJson, readEasyJson, readDrawThingsJson, readNovelJson];

type Texts = ReadonlyMap<string, string>;

const isJson = (text: string | undefined) => text?.trimStart().startsWith('{') === true;

function readParametersOrJson(text: string, texts: Texts): PictureSettings | null {
  if (!isJson(text))
    return isJson(texts.get('prompt') ?? texts.get('workflow'))
      ? readBoth(text, texts)
      : readParameters(text);
  const json = parseGraphJson(text);
  for (const read of JSON_READERS) {
    const settings = read(json);
    if (settings) return settings;
  }
  return readParameters(text);
}

/**
 * Nodes of ComfyUI write A1111's text too, with what was typed into them. The graph beside it is what ran; the text has what
 * cannot be read in the graph.
 */
function readBoth(text: string, texts: Texts): PictureSettings | null {
  const graph = readComfyPrompt(texts.get('prompt') ?? '') ?? readComfyWorkflow(texts.get('workflow') ?? '');
  const said = readParameters(text, 'ComfyUI');
  if (!graph || !said) return graph ?? said;
  const values = said.settings as Readonly<Record<string, unknown>>;
  const isSaid = (note: SettingsNote) => note.kind === 'unread' && values[note.name] !== undefined;
  const added = graph.notes.flatMap((note) =>
    isSaid(note) && 'name' in note ? [[note.name, values[note.name]]] : [],
  );
  return {
    tool: 'ComfyUI',
    settings: { ...graph.settings, ...Object.fromEntries(added) },
    notes: graph.notes.filter((note) => !isSaid(note)),
  };
}

/** The reader for each keyword; if a file has several, the first of them here counts, which says the most. */
const READERS: Readonly<Record<string, (text: string, texts: Texts) => PictureSettings | null>> = {
  [SAFELIGHT_KEYWORD]: readSettingsJson,
  parameters: readParametersOrJson,
  [COMMENT_KEYWORD]: readParametersOrJson,
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
    const settings = text === undefined ? null : read(text, texts);
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
function unreadable(texts: Texts): PictureSettings | null {
  const tool = Object.entries(OWNERS).find(([keyword]) => isJson(texts.get(keyword)))?.[1] ?? writerOf(texts);
  return tool ? { tool, settings: {}, notes: [{ kind: 'unreadable' }] } : null;
}

/** Who wrote what no reader knows, by the keywords that others have too; null where it need not be settings. */
function writerOf(texts: Texts): Tool | null {
  const software = TOOLS.find((tool) => tool === texts.get('Software'));
  if (software && texts.has('Comment')) return software;
  // What only says that it was enlarged had none before.
  const parameters = texts.get('parameters')?.trim() ?? '';
  if (parameters !== '' && !parameters.includes('Postprocess upscale')) return 'unknown';
  // Cameras write JSON here as well.
  const comment = texts.get(COMMENT_KEYWORD);
  return isJson(comment) && /prompt"/i.test(comment as string) ? 'unknown' : null;
}

/** `Comment` is anybody's keyword: `Software` says whose. */
function readComment(texts: Texts): PictureSettings | null {
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

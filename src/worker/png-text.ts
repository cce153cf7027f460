import { SCHEDULERS } from '../catalog/schedulers.ts';
import { type GenerationRequest, UNTOLD } from '../protocol/calls.ts';

/**
 * The settings in A1111's `parameters` format (modules/processing.py, create_infotext): what other tools read when a
 * picture is dropped on them. `seed` is this picture's own.
 */
export function parametersText(request: GenerationRequest, seed: number): string {
  const pairs: [string, string | number][] = [
    ['Steps', request.numInferenceSteps],
    ['Sampler', SCHEDULERS[request.scheduler].label],
    ['CFG scale', request.guidanceScale],
    ['Seed', seed],
    ['Size', `${request.width}x${request.height}`],
    ['Model', request.model],
    ...(request.image ? [['Denoising strength', request.image.strength] as [string, number]] : []),
    ['RNG', request.noise.toUpperCase()],
    // A1111 counts from the last layer: its 1 is none left out.
    ...told('Clip skip', request.clipSkip + 1, UNTOLD.clipSkip + 1),
    ...told('Eta', request.eta, UNTOLD.eta),
    ...told('CFG Rescale', request.guidanceRescale, UNTOLD.guidanceRescale),
    ...told('Guidance start', request.guidanceStart, UNTOLD.guidanceStart),
    ...told('Guidance end', request.guidanceEnd, UNTOLD.guidanceEnd),
    ['Version', 'safelight'],
  ];
  const negative = request.negativePrompt ? [`Negative prompt: ${request.negativePrompt}`] : [];
  return [request.prompt, ...negative, pairs.map(([key, value]) => `${key}: ${value}`).join(', ')].join('\n');
}

/** What is as it would be anyway goes unsaid. */
const told = (key: string, value: number, usual: number): [string, number][] =>
  value === usual ? [] : [[key, value]];

const SIGNATURE_AND_IHDR = 8 + 25;

/**
 * A PNG with a text chunk after its header (PNG spec §11.3.4): tEXt where Latin-1 can hold the text, else iTXt.
 */
export async function withPngText(png: Blob, keyword: string, text: string): Promise<Blob> {
  const latin1 = [...text].every((char) => (char.codePointAt(0) as number) <= 0xff);
  const bytes = (value: string) => Uint8Array.from(value, (char) => char.charCodeAt(0));
  // iTXt: keyword, compression flag and method, language and translated keyword, each empty and ended by zero.
  const body = latin1
    ? [bytes(`${keyword}\0${text}`)]
    : [bytes(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text)];
  const data = new Uint8Array(await new Blob([bytes(latin1 ? 'tEXt' : 'iTXt'), ...body]).arrayBuffer());
  const chunk = new DataView(new ArrayBuffer(data.length + 8));
  chunk.setUint32(0, data.length - 4);
  new Uint8Array(chunk.buffer).set(data, 4);
  chunk.setUint32(4 + data.length, crc32(data));
  return new Blob([png.slice(0, SIGNATURE_AND_IHDR), chunk.buffer, png.slice(SIGNATURE_AND_IHDR)], {
    type: 'image/png',
  });
}

const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** Texts come early in a file; what has more chunks before its pixels, or longer texts, is not searched further. */
const MAX_CHUNKS = 100;
const MAX_TEXT_BYTES = 1e6;

/** A PNG's uncompressed text under a keyword, or null; also for what is no PNG. Reads no more than the chunks' heads. */
export async function readPngText(file: Blob, keyword: string): Promise<string | null> {
  const read = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (latin1(await read(0, 8)) !== SIGNATURE) return null;
  let at = 8;
  for (let chunk = 0; chunk < MAX_CHUNKS && at + 12 <= file.size; chunk++) {
    const head = await read(at, at + 8);
    const length = new DataView(head.buffer).getUint32(0);
    const kind = latin1(head.subarray(4));
    const body = at + 8;
    const isKeyword = latin1(await read(body, body + keyword.length + 1)) === `${keyword}\0`;
    if ((kind === 'tEXt' || kind === 'iTXt') && isKeyword && length <= MAX_TEXT_BYTES) {
      const text = await read(body + keyword.length + 1, body + length);
      if (kind === 'tEXt') return latin1(text);
      // Compression flag and method, then language and translated keyword, each ended by zero.
      const afterLanguage = text.indexOf(0, 2) + 1;
      return text[0] === 1
        ? null
        : new TextDecoder().decode(text.subarray(text.indexOf(0, afterLanguage) + 1));
    }
    at = body + length + 4;
  }
  return null;
}

/** CRC of PNG chunks (PNG spec, annex D). */
function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

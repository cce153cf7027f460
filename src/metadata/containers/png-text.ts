import { exifTexts } from './exif.ts';
import { plainText } from './plain-text.ts';

/** PNG spec §5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const SIGNATURE_AND_IHDR = 8 + 25;

/** More chunks than the largest picture of a camera has; the rest is not searched. */
const MAX_CHUNKS = 5000;
/** All texts of a file together, inflated. A workflow has some hundred kB. */
const MAX_TEXT_BYTES = 8_000_000;
const MAX_TEXTS = 50;

/**
 * Adds a text chunk for each keyword after a PNG's header (PNG spec §11.3.3): tEXt if Latin-1 can hold the text and it
 * cannot be mistaken for UTF-8, else iTXt.
 */
export function withPngTexts(png: Blob, texts: Readonly<Record<string, string>>): Blob {
  const chunks = Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text));
  return new Blob([png.slice(0, SIGNATURE_AND_IHDR), ...chunks, png.slice(SIGNATURE_AND_IHDR)], {
    type: 'image/png',
  });
}

function textChunk(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const latin1 = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const isLatin1 = [...text].every((char) => (char.codePointAt(0) as number) <= 0xff);
  if (isLatin1 && plainText(latin1) === text) return chunk('tEXt', ascii(`${keyword}\0`), latin1);
  // Compression flag and method, then language and translated keyword, both empty and ended by a zero.
  return chunk('iTXt', ascii(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text));
}

function chunk(kind: string, head: Uint8Array, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + head.length + body.length);
  bytes.set(ascii(kind), 4);
  bytes.set(head, 8);
  bytes.set(body, 8 + head.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, head.length + body.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Whether a file begins like a PNG. */
export const isPng = (head: Uint8Array): boolean => SIGNATURE.every((byte, i) => head[i] === byte);

/**
 * The texts of a PNG by keyword, from tEXt, zTXt and iTXt chunks before or after the pixels, the first of each keyword, and
 * where there is none from its EXIF (`exifTexts`). Of all other chunks only the heads are read. Damaged and overlong texts are left out.
 */
export async function readPngTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  let exif: ReadonlyMap<string, string> = new Map();
  const read = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
  let left = MAX_TEXT_BYTES;
  let at = SIGNATURE.length;
  for (let i = 0; i < MAX_CHUNKS && texts.size < MAX_TEXTS && at + 12 <= file.size; i++) {
    const head = await read(at, at + 8);
    const length = new DataView(head.buffer).getUint32(0);
    const kind = String.fromCharCode(...head.subarray(4));
    const end = at + 8 + length;
    if ((kind === EXIF_KIND || TEXT_KINDS.includes(kind)) && length <= left && end + 4 <= file.size) {
      const body = await read(at + 4, end + 4);
      const expected = new DataView(body.buffer).getUint32(length + 4);
      const data = crc32(body.subarray(0, -4)) === expected ? body.subarray(4, -4) : null;
      const text = data && kind !== EXIF_KIND ? await readText(kind, data, left) : null;
      if (data && kind === EXIF_KIND) exif = exifTexts(data);
      left -= Math.max(length, text?.value.length ?? 0);
      if (text && !texts.has(text.keyword)) texts.set(text.keyword, text.value);
    }
    if (kind === 'IEND') break;
    at = end + 4;
  }
  return new Map([...exif, ...texts]);
}

/** PNG spec, third edition, §11.3.4.5. */
const EXIF_KIND = 'eXIf';
const TEXT_KINDS: readonly string[] = ['tEXt', 'zTXt', 'iTXt'];

/** PNG spec §11.3.3.2 to §11.3.3.4; null for a chunk that does not follow it. */
async function readText(
  kind: string,
  body: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<{ keyword: string; value: string } | null> {
  const zero = body.indexOf(0);
  if (zero < 1 || zero > 79) return null;
  const keyword = String.fromCharCode(...body.subarray(0, zero));
  const rest = body.subarray(zero + 1);
  if (kind === 'tEXt') return { keyword, value: plainText(rest) };
  if (kind === 'zTXt') {
    const bytes = rest[0] === 0 ? await inflate(rest.subarray(1), maxBytes) : null;
    return bytes && { keyword, value: plainText(bytes) };
  }
  const afterLanguage = rest.indexOf(0, 2) + 1;
  const afterKeyword = rest.indexOf(0, afterLanguage) + 1;
  if (afterLanguage === 0 || afterKeyword === 0) return null;
  const text = rest.subarray(afterKeyword);
  const bytes = rest[0] === 1 ? await inflate(text, maxBytes) : text;
  return bytes && { keyword, value: new TextDecoder().decode(bytes) };
}

/** The content of a zlib stream; null if it is damaged or longer than `maxBytes`. */
async function inflate(bytes: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array | null> {
  const zipped = new Response(bytes).body as ReadableStream<Uint8Array<ArrayBuffer>>;
  const reader = zipped.pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > maxBytes) {
        await reader.cancel();
        return null;
      }
      parts.push(value);
    }
  } catch {
    return null;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** What a byte does to the CRC. */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** CRC of PNG chunks (PNG spec, annex D). */
function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) crc = (CRC_OF_BYTE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

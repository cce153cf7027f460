import { COMMENT_KEYWORD, exifTexts } from './exif.ts';
import { plainText } from './plain-text.ts';

/** What comes before a JPEG's pixels is shorter: profiles and thumbnails have some hundred kB. */
const JPEG_HEAD_BYTES = 4_000_000;
const MAX_SEGMENTS = 1000;
/** A longer block of EXIF is not read. */
const MAX_EXIF_BYTES = 8_000_000;

const EXIF = 'Exif\0\0';
/** XMP in a JPEG (ISO 16684-3), and the keyword that it has in a PNG. */
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
export const XMP_KEYWORD = 'XML:com.adobe.xmp';
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const COMMENT = 0xfe;

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Whether a file begins like a JPEG. */
export const isJpeg = (head: Uint8Array): boolean => head[0] === 0xff && head[1] === 0xd8;

/** Whether a file begins like a WebP. */
export const isWebp = (head: Uint8Array): boolean =>
  latin1(head.subarray(0, 4)) === 'RIFF' && latin1(head.subarray(8, 12)) === 'WEBP';

/** The texts of a JPEG (ITU-T T.81, annex B): those in its EXIF (`exifTexts`), else its comment in the place of UserComment; and its XMP. */
export async function readJpegTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  const bytes = new Uint8Array(await file.slice(0, JPEG_HEAD_BYTES).arrayBuffer());
  const texts = new Map<string, string>();
  let at = 2;
  for (let i = 0; i < MAX_SEGMENTS && at + 4 <= bytes.length && bytes[at] === 0xff; i++) {
    const marker = bytes[at + 1] as number;
    if (marker === START_OF_SCAN) break;
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === APP1 && latin1(body.subarray(0, 6)) === EXIF)
      for (const [keyword, text] of exifTexts(body.subarray(6))) texts.set(keyword, text);
    if (marker === APP1 && latin1(body.subarray(0, XMP.length)) === XMP)
      texts.set(XMP_KEYWORD, plainText(body.subarray(XMP.length)));
    if (marker === COMMENT && !texts.has(COMMENT_KEYWORD)) texts.set(COMMENT_KEYWORD, plainText(body));
    at += 2 + length;
  }
  return texts;
}

/** The texts in a WebP's EXIF (RFC 9649, section 2; `exifTexts`). */
export async function readWebpTexts(file: Blob): Promise<ReadonlyMap<string, string>> {
  let at = 12;
  for (let i = 0; i < MAX_SEGMENTS && at + 8 <= file.size; i++) {
    const head = new Uint8Array(await file.slice(at, at + 8).arrayBuffer());
    const length = new DataView(head.buffer).getUint32(4, true);
    if (latin1(head.subarray(0, 4)) === 'EXIF' && length <= MAX_EXIF_BYTES) {
      const body = new Uint8Array(await file.slice(at + 8, at + 8 + length).arrayBuffer());
      return exifTexts(latin1(body.subarray(0, 6)) === EXIF ? body.subarray(6) : body);
    }
    at += 8 + length + (length % 2);
  }
  return new Map();
}

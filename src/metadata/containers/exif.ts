import { plainText } from './plain-text.ts';

/** The keyword of what anybody may write: programs their settings, cameras and screenshots other words. */
export const COMMENT_KEYWORD = 'UserComment';

const IMAGE_DESCRIPTION = 0x010e;
const MAKE = 0x010f;
const MODEL = 0x0110;
const EXIF_IFD = 0x8769;
const USER_COMMENT = 0x9286;

const ASCII_TYPE = 2;
const MAX_ENTRIES = 500;

/** Bytes by the number of their tag. */
type Tags = ReadonlyMap<number, Uint8Array>;

/**
 * The texts in a block of EXIF (CIPA DC-008, a TIFF in either byte order): what is in a PNG's `parameters` is in UserComment,
 * ComfyUI's `prompt` and `workflow` in Model and Make, after their keyword.
 */
export function exifTexts(bytes: Uint8Array): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return texts;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return texts;
  const isLittle = order === 0x4949;
  const first = readDirectory(view, view.getUint32(4, isLittle), isLittle);
  const pointer = first.get(EXIF_IFD);
  const second =
    pointer && pointer.length >= 4 ? readDirectory(view, offset(pointer, isLittle), isLittle) : first;

  for (const tag of [MODEL, MAKE, IMAGE_DESCRIPTION]) {
    const text = asciiText(first.get(tag));
    const [, keyword, value] = /^(prompt|workflow): ?(\{.*)$/is.exec(text) ?? [];
    if (keyword && value) texts.set(keyword.toLowerCase(), value);
    else if (tag === IMAGE_DESCRIPTION && text !== '') texts.set(COMMENT_KEYWORD, text);
  }
  const comment = second.get(USER_COMMENT) ?? first.get(USER_COMMENT);
  if (comment) texts.set(COMMENT_KEYWORD, userComment(comment, isLittle));
  return texts;
}

const offset = (bytes: Uint8Array, isLittle: boolean) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, isLittle);

/** An image file directory (TIFF 6.0, section 2), as far as it is inside the block. */
function readDirectory(view: DataView, at: number, isLittle: boolean): Tags {
  const tags = new Map<number, Uint8Array>();
  if (at + 2 > view.byteLength) return tags;
  const count = Math.min(view.getUint16(at, isLittle), MAX_ENTRIES);
  for (let entry = at + 2; entry < at + 2 + 12 * count && entry + 12 <= view.byteLength; entry += 12) {
    const type = view.getUint16(entry + 2, isLittle);
    const length = view.getUint32(entry + 4, isLittle) * (BYTES_OF_TYPE[type] ?? Number.NaN);
    const from = length <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittle);
    if (from + length <= view.byteLength)
      tags.set(view.getUint16(entry, isLittle), new Uint8Array(view.buffer, view.byteOffset + from, length));
  }
  return tags;
}

/** BYTE, ASCII, SHORT, LONG, UNDEFINED. */
const BYTES_OF_TYPE: Readonly<Record<number, number>> = { 1: 1, [ASCII_TYPE]: 1, 3: 2, 4: 4, 7: 1 };

const asciiText = (bytes: Uint8Array | undefined): string =>
  bytes ? plainText(bytes).replace(/\0+$/, '') : '';

/** EXIF 4.6.5, UserComment: eight bytes name the encoding, then the text follows. */
function userComment(bytes: Uint8Array, isLittle: boolean): string {
  const code = String.fromCharCode(...bytes.subarray(0, 8));
  const text = bytes.subarray(8);
  if (code === 'UNICODE\0') return utf16(text, isLittle).replace(/\0+$/, '');
  return asciiText(/^(ASCII\0\0\0|\0{8})$/.test(code) ? text : bytes);
}

/**
 * Decodes UTF-16 of either byte order. Programs follow neither the block's order nor a byte-order mark; but settings are
 * mostly ASCII, so the right order is the one that gives more of it.
 */
function utf16(bytes: Uint8Array, isLittle: boolean): string {
  let [little, big] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i + 1] === 0) little++;
    if (bytes[i] === 0) big++;
  }
  const order = little === big ? isLittle : little > big;
  return new TextDecoder(order ? 'utf-16le' : 'utf-16be').decode(bytes);
}

/** What a file is that is not what was expected. */
export type FileKind =
  | 'empty'
  | 'web-page'
  | 'lfs-pointer'
  | 'pickle'
  | 'safetensors'
  | 'gguf'
  | 'zip'
  | 'archive'
  | 'picture'
  | 'video'
  | 'pdf'
  | 'json';

interface Bytes {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Bytes at the beginning that tell the kinds apart. */
const HEAD_BYTES = 512;
/** What a kind begins with, in hexadecimal digits. */
const MAGIC: readonly (readonly [FileKind, RegExp])[] = [
  // The length of the header, under 100 MB, and the header. It comes first: a length may look like a pickle's beginning.
  ['safetensors', /^.{6}0[0-5]0{8}7b/],
  ['pickle', /^800[2-5]/],
  ['zip', /^504b(?:0304|0506)/],
  // gzip, 7z and RAR.
  ['archive', /^(?:1f8b|377abcaf271c|52617221)/],
  // PNG, JPEG, GIF, WebP, AVIF and HEIF.
  [
    'picture',
    /^(?:89504e470d0a|ffd8ff|47494638|52494646.{8}57454250|.{8}66747970(?:617669|686569|6d696631))/,
  ],
  // MP4 and Matroska.
  ['video', /^(?:.{8}66747970|1a45dfa3)/],
  ['gguf', /^47475546/],
  ['pdf', /^255044462d/],
];
/** The same, for texts. */
const TEXTS: readonly (readonly [FileKind, RegExp])[] = [
  ['web-page', /^\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/is],
  // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
  ['lfs-pointer', /^version https:\/\/git-lfs\.github\.com\/spec\//],
  ['json', /^\s*[{[]/],
];
/** Where the name of a zip's first file stands (PKWARE APPNOTE 4.3.7). torch.save's is the pickle. */
const FIRST_NAME = 30;
const PICKLE_NAME = /^[^/]{1,200}\/data\.pkl/;

/** What a file is, by its first bytes; null where they do not tell. */
export async function fileKind(file: Bytes): Promise<FileKind | null> {
  if (file.size === 0) return 'empty';
  const bytes = new Uint8Array(await file.slice(0, Math.min(HEAD_BYTES, file.size)).arrayBuffer());
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const text = new TextDecoder().decode(bytes);
  const isIn = ([, beginning]: readonly [FileKind, RegExp], head: string) => beginning.test(head);
  const kind = (MAGIC.find((one) => isIn(one, digits)) ?? TEXTS.find((one) => isIn(one, text)))?.[0] ?? null;
  const name = new TextDecoder().decode(bytes.subarray(FIRST_NAME));
  return kind === 'zip' && PICKLE_NAME.test(name) ? 'pickle' : kind;
}

/** What a finished picture says about itself. */
export interface PngFacts {
  readonly width: number;
  readonly height: number;
  /** A1111's `parameters` text; empty when there is none. */
  readonly parameters: string;
}

const SIGNATURE = '89504e470d0a1a0a';

/** Reads size and `parameters` (tEXt in Latin-1, or uncompressed iTXt in UTF-8) from a PNG; throws when it is none. */
export function readPng(bytes: Buffer): PngFacts {
  if (bytes.subarray(0, 8).toString('hex') !== SIGNATURE) throw new Error('Not a PNG.');
  let parameters = '';
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    const end = data.indexOf(0);
    if (/^(tEXt|iTXt)$/.test(kind) && data.toString('latin1', 0, end) === 'parameters') {
      parameters =
        kind === 'tEXt' ? data.toString('latin1', end + 1) : internationalText(data.subarray(end + 1));
    }
    at += length + 12;
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), parameters };
}

/** After the keyword: compression flag, method, language, 0, translated keyword, 0, text (PNG, third edition, 11.3.3.4). */
function internationalText(rest: Buffer): string {
  const language = rest.indexOf(0, 2);
  return rest.toString('utf8', rest.indexOf(0, language + 1) + 1);
}

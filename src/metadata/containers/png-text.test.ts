import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPngTexts, withPngTexts } from './png-text.ts';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(data.length);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([out.subarray(0, 4), body, crc]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** One red pixel. */
const IHDR = chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
const IDAT = chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0])));
const IEND = chunk('IEND', Buffer.alloc(0));
const PNG = Buffer.concat([SIGNATURE, IHDR, IDAT, IEND]);

const read = (...parts: Buffer[]) => readPngTexts(new Blob(parts.map((part) => Uint8Array.from(part))));

async function chunks(png: Blob): Promise<[string, Buffer][]> {
  const bytes = Buffer.from(await png.arrayBuffer());
  const found: [string, Buffer][] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    found.push([body.toString('latin1', 0, 4), body.subarray(4)]);
    at += 12 + length;
  }
  return found;
}

test('Latin-1 text goes into tEXt after the header, other text into iTXt as UTF-8', async () => {
  const found = await chunks(withPngTexts(new Blob([PNG]), { parameters: 'café', safelight: '日本 🍎' }));
  expect(found.map(([type]) => type)).toEqual(['IHDR', 'tEXt', 'iTXt', 'IDAT', 'IEND']);
  expect(found[1]?.[1].toString('latin1')).toBe('parameters\0café');
  expect(found[2]?.[1].toString('utf8')).toBe('safelight\0\0\0\0\0日本 🍎');
});

test('texts that were written are read back, whatever their characters', async () => {
  const latin1 = fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  });
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), latin1);
  await fc.assert(
    fc.asyncProperty(text, text, async (parameters, safelight) => {
      const png = withPngTexts(new Blob([PNG]), { parameters, safelight });
      expect(Object.fromEntries(await readPngTexts(png))).toEqual({ parameters, safelight });
    }),
  );
});

test('every kind of text chunk is read, before the pixels or after them', async () => {
  const found = await read(
    ...[SIGNATURE, IHDR],
    chunk('tEXt', Buffer.from('utf8\0naïve 日本', 'utf8')),
    chunk('zTXt', Buffer.concat([Buffer.from('z\0\0'), deflateSync(Buffer.from('packed', 'latin1'))])),
    IDAT,
    chunk('iTXt', Buffer.from('plain\0\0\0en\0Klartext\0日本')),
    chunk('iTXt', Buffer.concat([Buffer.from('tight\0\x01\0\0\0'), deflateSync(Buffer.from('日本'))])),
    chunk('tEXt', Buffer.from('utf8\0a second one')),
    IEND,
  );
  expect(Object.fromEntries(found)).toEqual({
    utf8: 'naïve 日本',
    z: 'packed',
    plain: '日本',
    tight: '日本',
  });
});

test('texts that are damaged, too long or inflate endlessly are left out, and the others are read', async () => {
  const bomb = deflateSync(Buffer.alloc(50_000_000, 'a'));
  expect(bomb.length).toBeLessThan(60_000);
  const broken = chunk('tEXt', Buffer.from('crc\0wrong'));
  broken.writeUInt8(1, broken.length - 1);
  const start = performance.now();
  const found = await read(
    ...[SIGNATURE, IHDR, broken],
    chunk('zTXt', Buffer.concat([Buffer.from('bomb\0\0'), bomb])),
    chunk('iTXt', Buffer.concat([Buffer.from('bomb\0\x01\0\0\0'), bomb])),
    chunk('zTXt', Buffer.from('no zlib\0\0hello')),
    chunk('iTXt', Buffer.from('cut')),
    chunk('tEXt', Buffer.from('good\0yes')),
    ...[IDAT, IEND],
  );
  expect(Object.fromEntries(found)).toEqual({ good: 'yes' });
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('a file without texts, or cut off anywhere, gives no texts or only some', async () => {
  expect((await read(PNG)).size).toBe(0);
  const whole = withPngTexts(new Blob([PNG]), { parameters: 'a red apple' });
  for (let end = 0; end < whole.size; end++) await readPngTexts(whole.slice(0, end));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
      await read(SIGNATURE, Buffer.from(bytes));
    }),
  );
});

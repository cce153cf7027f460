import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GenerationRequest, UNTOLD } from '../protocol/calls.ts';
import { parametersText, readPngText, withPngText } from './png-text.ts';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(data.length);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([out.subarray(0, 4), body, crc]);
}

/** One red pixel. */
const IHDR = chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]));
const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  IHDR,
  chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0]))),
  chunk('IEND', Buffer.alloc(0)),
]);

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

const REQUEST: GenerationRequest = {
  model: 'trinket',
  device: 'auto',
  prompt: 'a red apple',
  negativePrompt: 'blurry',
  width: 128,
  height: 64,
  numInferenceSteps: 20,
  guidanceScale: 0,
  seed: 0,
  numImages: 2,
  scheduler: 'dpmpp-2m-karras',
  filmstrip: false,
  ...UNTOLD,
};

test('the text of A1111, with the picture’s own seed', () => {
  expect(parametersText(REQUEST, 1)).toBe(
    'a red apple\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 0, Seed: 1, Size: 128x64, Model: trinket, RNG: CPU, Version: safelight',
  );
  expect(parametersText({ ...REQUEST, negativePrompt: '' }, 1)).not.toContain('Negative');
  const told = { clipSkip: 1, eta: 0.5, guidanceRescale: 0.7, noise: 'gpu' } as const;
  expect(parametersText({ ...REQUEST, ...told }, 1)).toContain(
    'RNG: GPU, Clip skip: 2, Eta: 0.5, CFG Rescale: 0.7',
  );
});

test('Latin-1 text goes into tEXt after the header', async () => {
  const found = await chunks(await withPngText(new Blob([PNG]), 'parameters', 'café'));
  expect(found.map(([type]) => type)).toEqual(['IHDR', 'tEXt', 'IDAT', 'IEND']);
  expect(found[1]?.[1].toString('latin1')).toBe('parameters\0café');
});

test('other text goes into iTXt as UTF-8', async () => {
  const found = await chunks(await withPngText(new Blob([PNG]), 'parameters', '日本 🍎'));
  expect(found[1]?.[0]).toBe('iTXt');
  expect(found[1]?.[1].toString('utf8')).toBe('parameters\0\0\0\0\0日本 🍎');
});

test('a text put in is read back, whatever its letters', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      fc.pre(!text.includes('\0'));
      const png = await withPngText(new Blob([PNG]), 'parameters', text);
      expect(await readPngText(png, 'parameters')).toBe(text);
    }),
  );
});

test('what is no PNG, holds no such text, or is cut off has none', async () => {
  expect(await readPngText(new Blob([PNG]), 'parameters')).toBeNull();
  expect(await readPngText(new Blob(['hello']), 'parameters')).toBeNull();
  const whole = await withPngText(new Blob([PNG]), 'parameters', 'a red apple');
  for (let end = 0; end < 60; end++) await readPngText(whole.slice(0, end), 'parameters');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
      const found = await readPngText(new Blob([PNG.subarray(0, 8), Uint8Array.from(bytes)]), 'parameters');
      expect(found === null || typeof found === 'string').toBe(true);
    }),
  );
});

import { expect, test } from 'vitest';
import { readModelspecThumbnail } from './thumbnail.ts';

/** A file with this metadata, as safetensors writes it. */
function file(metadata: unknown): Blob {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata }));
  return new Blob([BigUint64Array.of(BigInt(header.length)), header]);
}

test('the picture of a file is what its data URL holds', async () => {
  const found = await readModelspecThumbnail(
    file({ 'modelspec.thumbnail': 'data:image/jpeg;base64,/9j/4AAQ', 'modelspec.title': 'A style' }),
  );
  expect(found?.type).toBe('image/jpeg');
  expect([...new Uint8Array((await found?.arrayBuffer()) as ArrayBuffer)]).toEqual([
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10,
  ]);
});

test.each([
  undefined,
  {},
  { 'modelspec.thumbnail': 'https://example.com/a.jpg' },
  { 'modelspec.thumbnail': 'data:text/html;base64,PHA+' },
  { 'modelspec.thumbnail': 'data:image/svg+xml;base64,PHN2Zz4=' },
  { 'modelspec.thumbnail': 'data:image/png;base64,a' },
  { 'modelspec.thumbnail': 'data:image/png,plain' },
])('what is no picture is none: %j', async (metadata) =>
  expect(await readModelspecThumbnail(file(metadata))).toBeNull());

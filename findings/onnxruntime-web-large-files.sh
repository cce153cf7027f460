#!/usr/bin/env bash
# onnxruntime-web opens no weights that lie beyond 4 GiB in their file, however the file is handed to it.
#
# Behaviour: a tensor in external data whose offset is 2³² or more ends session creation with "Integer overflow", with the file at hand in
#   full. The same bytes as a second file, with an offset counted from its beginning, are read.
# Seen with: onnxruntime-web 1.30.0, its JSPI build, in Chromium 156, on 2026-11-28.
# Why a good guess is wrong: ONNX writes offsets as decimal text of any length, and the JSPI build takes a Blob, whose size is no limit. The
#   error names neither the file nor the offset, and an overflow while weights are loaded looks like a lack of memory.
# Whom it hurts: who opens SDXL's UNet (5.1 GB in float16) from one file: split the Blob, not the model.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" onnxruntime-web@1.30.0 playwright-core@1.65.1
CHROME_PATH=${CHROME_PATH:-$(command -v chromium)} node --input-type=module - <<'JS'
import { chromium } from 'playwright-core';

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH });
const page = await browser.newPage();
await page.route('http://localhost/**', (route) => {
  const { pathname } = new URL(route.request().url());
  return route.fulfill(pathname === '/' ? { contentType: 'text/html', body: '' } : { path: `.${pathname}` });
});
await page.goto('http://localhost/');

async function look() {
  const ort = await import('/node_modules/onnxruntime-web/dist/ort.jspi.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'fatal';
  const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
  const int = (field, n) => [...varint(field * 8), ...varint(n)];
  const part = (field, ...content) => {
    const bytes = content.flatMap((c) => (typeof c === 'string' ? [...new TextEncoder().encode(c)] : c));
    return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
  };
  /** y = x + w, float32 [2], w at this offset of a file. */
  const model = (file, offset) => {
    const place = Object.entries({ location: file, offset: String(offset), length: '8' });
    const w = part(5, int(1, 2), int(2, 1), part(8, 'w'), int(14, 1), ...place.map(([k, v]) => part(13, part(1, k), part(2, v))));
    const value = (field, name) => part(field, part(1, name), part(2, part(1, int(1, 1), part(2, part(1, int(1, 2))))));
    const add = part(1, part(1, 'x'), part(1, 'w'), part(2, 'y'), part(4, 'Add'));
    return Uint8Array.from([...int(1, 10), ...part(7, add, part(2, 'g'), w, value(11, 'x'), value(12, 'y')), ...part(8, part(1, ''), int(2, 21))]);
  };
  // 5 GiB: the same mebibyte again and again, which takes the memory of one.
  const mebibyte = new Blob([new Float32Array(2 ** 18).map((_, i) => 1 + (i % 2))]);
  const gibibyte = new Blob(Array(1024).fill(mebibyte));
  const data = new Blob(Array(5).fill(gibibyte));
  const run = async (offset, files) => {
    const x = new ort.Tensor('float32', Float32Array.of(10, 20), [2]);
    try {
      const session = await ort.InferenceSession.create(model('data', offset), { externalData: [{ path: 'data', data: files }] });
      return [...(await session.run({ x })).y.data].join();
    } catch (error) {
      return /Integer overflow/.exec(String(error))?.[0] ?? String(error);
    }
  };
  return {
    version: ort.env.versions.web,
    bytes: data.size,
    'at 3 GiB of the whole file': await run(3 * 2 ** 30, data),
    'at 4 GiB of the whole file': await run(4 * 2 ** 30, data),
    'at its end': await run(5 * 2 ** 30 - 8, data),
    'at the end of its last GiB, as a file': await run(2 ** 30 - 8, data.slice(4 * 2 ** 30)),
  };
}
const seen = await page.evaluate(look);
console.log(browser.version(), seen);
await browser.close();
const { version, bytes, ...found } = seen;
if (Object.values(found).join(' ') !== '11,22 Integer overflow Integer overflow 11,22') throw new Error('The behaviour has changed.');
JS

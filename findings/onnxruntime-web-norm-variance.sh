#!/usr/bin/env bash
# On WebGPU, onnxruntime-web's LayerNormalization gives NaN for ordinary float32 numbers whose mean is large.
#
# Behaviour: numbers of standard deviation 1 are normalised. Around 0 all is well. Around 100 WebGPU's error is 2e-3 (wasm: 1e-4 at most),
#   around 1000 it is 0.1 to 0.2, and around 4000 LayerNormalization gives NaN and InstanceNormalization values in the hundreds, where the largest
#   right one is 1.7. The errors are those of a variance computed as mean(x²) − mean(x)²: in float32 the two differ in their last digits
#   only, and the difference may be negative.
# Seen with: onnxruntime-web 1.30.0 (1.31.0-dev.20260914-8d85527a0 alike), Chromium 156 with its software GPU SwiftShader, on
#   2026-11-27. Both providers are compared with float64.
# Why a good guess is wrong: the input is float32, nothing overflows, the same graph on the same package's CPU provider is right to 7e-3 at
#   worst, and NaN is usually a matter of float16.
# Whom it hurts: models with large common offsets in their activations: outlier channels in text encoders, or GroupNorm written as
#   InstanceNormalization, which is what is left where GroupNorm has no kernel.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q onnx==1.23.2
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" onnxruntime-web@1.30.0 playwright-core@1.65.1
"$FINDINGS_VENV/bin/python" - <<'PY'
import base64, json, onnx, onnx.parser

models = {}
for op, shape, width in (("LayerNormalization", "16,64", 64), ("InstanceNormalization", "1,4,4096", 4)):
    models[op] = onnx.parser.parse_model(f"""
        <ir_version: 10, opset_import: ["" : 21]>
        norm (float[{shape}] x, float[{width}] s, float[{width}] b) => (float[{shape}] y) {{ y = {op}(x, s, b) }}""")
    onnx.checker.check_model(models[op], full_check=True)
json.dump({op: base64.b64encode(m.SerializeToString()).decode() for op, m in models.items()}, open("models.json", "w"))
PY
CHROME_PATH=${CHROME_PATH:-$(command -v chromium)} node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const args = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan', '--use-vulkan=swiftshader', '--ignore-gpu-blocklist'];
const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH, args });
const page = await browser.newPage();
await page.route('http://localhost/**', (route) => {
  const { pathname } = new URL(route.request().url());
  return route.fulfill(pathname === '/' ? { contentType: 'text/html', body: '' } : { path: `.${pathname}` });
});
await page.goto('http://localhost/');

async function measure(models) {
  const ort = await import('/node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const ops = { LayerNormalization: { shape: [16, 64], width: 64, row: 64 }, InstanceNormalization: { shape: [1, 4, 4096], width: 4, row: 4096 } };
  const errors = {};
  for (const [op, { shape, width, row }] of Object.entries(ops))
    for (const provider of ['webgpu', 'wasm']) {
      const session = await ort.InferenceSession.create(Uint8Array.from(atob(models[op]), (c) => c.charCodeAt(0)), { executionProviders: [provider] });
      const worst = (errors[`${op} ${provider}`] = []);
      for (const mean of [0, 100, 1000, 4000]) {
        let state = 1;
        const x = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => mean + 12 ** 0.5 * ((state = (state * 16807) % 2147483647) / 2147483647 - 0.5));
        const s = new ort.Tensor('float32', new Float32Array(width).fill(1), [width]);
        const b = new ort.Tensor('float32', new Float32Array(width), [width]);
        const y = (await session.run({ x: new ort.Tensor('float32', x, shape), s, b })).y.data;
        const differences = [...x.keys()].map((i) => {
          const values = x.subarray(i - (i % row), i - (i % row) + row); // JavaScript adds in float64
          const average = values.reduce((sum, v) => sum + v, 0) / row;
          const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / row;
          return Math.abs(y[i] - (x[i] - average) / Math.sqrt(variance + 1e-5));
        });
        worst.push(String(Math.max(...differences)));
      }
      await session.release();
    }
  return { version: ort.env.versions.web, errors };
}
const { version, errors } = await page.evaluate(measure, JSON.parse(readFileSync('models.json', 'utf8')));
console.log(`onnxruntime-web ${version}, Chromium ${browser.version()}, SwiftShader: largest error of numbers around 0, 100, 1000, 4000, standard deviation 1`);
for (const [what, row] of Object.entries(errors)) console.log(`${what.padEnd(30)} ${row.map((e) => Number(e).toExponential(1)).join('  ')}`);
await browser.close();
const gpu = errors['LayerNormalization webgpu'].map(Number);
const asDescribed = gpu[0] < 1e-5 && gpu[2] > 0.01 && Number.isNaN(gpu[3]) && Number(errors['InstanceNormalization webgpu'][3]) > 10 &&
  Object.entries(errors).every(([what, row]) => !what.endsWith('wasm') || row.every((e) => Number(e) < 1e-2));
if (!asDescribed) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS

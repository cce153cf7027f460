#!/usr/bin/env bash
# onnxruntime-web's WebGPU Conv is wrong for 6, 9 and 15 input channels, and right for 3, 4, 5, 8 and 12.
#
# Behaviour: a plain 3×3 Conv whose input channels are a multiple of three but not of four (three itself excepted) gives numbers that
#   have nothing to do with the right ones, with no error or warning, in the builds /webgpu and /jspi. The package's bare entry, which
#   has other kernels, computes them rightly.
# Seen with: onnxruntime-web 1.30.0 (1.31.0-dev.20260914-8d85527a0 alike), Chromium 156 with its software GPU SwiftShader, on
#   2026-11-27. Not tried on a hardware GPU.
# Why a good guess is wrong: convolutions have 3, 4 or a multiple of 8 channels nearly everywhere, so models that work prove nothing.
# Whom it hurts: inpainting UNets of Stable Diffusion: their nine input channels (latents, mask, masked latents) are the case. Filling
#   channels and kernels up to twelve with zeros is right and costs nothing that one would notice.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q onnx==1.23.2
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" onnxruntime-web@1.30.0 playwright-core@1.65.1
"$FINDINGS_VENV/bin/python" - <<'PY'
import base64, json, onnx, onnx.parser

models = {}
for channels in (3, 4, 5, 6, 8, 9, 12, 15):
    models[channels] = onnx.parser.parse_model(f"""
        <ir_version: 10, opset_import: ["" : 21]>
        conv (float[1,{channels},16,16] x, float[8,{channels},3,3] w) => (float[1,8,14,14] y) {{ y = Conv <kernel_shape = [3, 3], strides = [1, 1], dilations = [1, 1]> (x, w) }}""")
    onnx.checker.check_model(models[channels], full_check=True)
json.dump({c: base64.b64encode(m.SerializeToString()).decode() for c, m in models.items()}, open("models.json", "w"))
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

async function measure({ build, models }) {
  const ort = await import(`/node_modules/onnxruntime-web/dist/${build}`);
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  let state = 1;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  const tensor = (...shape) => new ort.Tensor('float32', Float32Array.from({ length: shape.reduce((a, b) => a * b) }, random), shape);
  const errors = {};
  for (const [channels, model] of Object.entries(models)) {
    const feeds = { x: tensor(1, +channels, 16, 16), w: tensor(8, +channels, 3, 3) };
    const outputs = [];
    for (const provider of ['webgpu', 'wasm']) {
      const session = await ort.InferenceSession.create(Uint8Array.from(atob(model), (c) => c.charCodeAt(0)), { executionProviders: [provider] });
      outputs.push((await session.run(feeds)).y.data);
      await session.release();
    }
    const [gpu, cpu] = outputs;
    errors[channels] = Math.max(...gpu.map((v, i) => Math.abs(v - cpu[i]))) / Math.max(...cpu.map(Math.abs));
  }
  return { version: ort.env.versions.web, errors };
}

const models = JSON.parse(readFileSync('models.json', 'utf8'));
let asDescribed = true;
for (const [entry, build] of [['/webgpu', 'ort.webgpu.bundle.min.mjs'], ['/jspi', 'ort.jspi.bundle.min.mjs'], ['bare', 'ort.bundle.min.mjs']]) {
  await page.goto('http://localhost/');
  const { version, errors } = await page.evaluate(measure, { build, models });
  console.log(`onnxruntime-web ${version} ${entry}, Chromium ${browser.version()}, SwiftShader: largest error against wasm / largest value`);
  console.log(Object.entries(errors).map(([channels, error]) => `  ${channels} channels ${error.toExponential(1)}`).join(''));
  asDescribed &&= Object.entries(errors).every(([channels, error]) =>
    entry !== 'bare' && ['6', '9', '15'].includes(channels) ? error > 0.1 : error < 1e-5);
}
await browser.close();
if (!asDescribed) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS

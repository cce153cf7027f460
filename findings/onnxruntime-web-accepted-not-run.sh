#!/usr/bin/env bash
# onnxruntime-web makes a WebGPU session of operators that its WebGPU provider then does not run.
#
# Behaviour: GroupNormalization, ONNX's own operator, has no WebGPU kernel. A session is made all the same: the operator is written out as
#   many others, of which some that reckon with shapes run on the CPU, at every run. Nothing is said unless the session option
#   session.disable_cpu_ep_fallback asks for it; then it is an error.
#   com.microsoft.MultiHeadAttention with a key_padding_mask is placed on the GPU, and only run() says "not implemented", though the CPU
#   provider could have taken it.
#   com.microsoft.GroupNorm, the fused operator, is refused when the session is made.
# Seen with: onnxruntime-web 1.30.0 (1.31.0-dev.20260914-8d85527a0 has a kernel for com.microsoft.GroupNorm), Chromium 156 with its software GPU
#   SwiftShader, on 2026-11-27.
# Why a good guess is wrong: a session that was made counts as a promise that the graph runs where one asked for it, and a missing kernel is
#   expected to fall back to the CPU as a whole, or not at all.
# Whom it hurts: who moves a diffusion model to the browser: a UNet has some sixty group norms, each of which then copies shapes to
#   and fro; and who tests an export by making a session.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q onnx==1.23.2
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" onnxruntime-web@1.30.0 playwright-core@1.65.1
"$FINDINGS_VENV/bin/python" - <<'PY'
import base64, json, onnx, onnx.parser

def model(graph):
    return onnx.parser.parse_model('<ir_version: 10, opset_import: ["" : 21, "com.microsoft" : 1]> ' + graph)

models = {
    "GroupNormalization": model("""norm (float[1,16,8,8] x, float[16] s, float[16] b) => (float[1,16,8,8] y) {
        y = GroupNormalization <num_groups = 4> (x, s, b) }"""),
    "com.microsoft.GroupNorm": model("""norm (float[1,8,8,16] x, float[16] s, float[16] b) => (float[1,8,8,16] y) {
        y = com.microsoft.GroupNorm <activation: int = 0, channels_last: int = 1, epsilon: float = 0.00001, groups: int = 4> (x, s, b) }"""),
    "MultiHeadAttention": model("""attention (float[1,16,64] q, float[1,16,64] k, float[1,16,64] v, int32[1,16] m) => (float[1,16,64] y) {
        y = com.microsoft.MultiHeadAttention <num_heads: int = 2> (q, k, v, "", m) }"""),
}
onnx.checker.check_model(models["GroupNormalization"], full_check=True)
json.dump({name: base64.b64encode(m.SerializeToString()).decode() for name, m in models.items()}, open("models.json", "w"))
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

async function look(models) {
  const ort = await import('/node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'fatal';
  const tensor = (...shape) => new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)).fill(1), shape);
  const norm = (...shape) => ({ x: tensor(...shape), s: tensor(16), b: tensor(16) });
  const attention = { q: tensor(1, 16, 64), k: tensor(1, 16, 64), v: tensor(1, 16, 64), m: new ort.Tensor('int32', Int32Array.from({ length: 16 }, (_, i) => +(i < 8)), [1, 16]) };
  async function run(name, provider, feeds, gpuOnly = false) {
    const extra = gpuOnly ? { extra: { session: { disable_cpu_ep_fallback: '1' } } } : {};
    let session;
    try {
      session = await ort.InferenceSession.create(Uint8Array.from(atob(models[name]), (c) => c.charCodeAt(0)), { executionProviders: [provider], ...extra });
    } catch ({ message }) {
      return `no session: ${message}`;
    }
    try {
      await session.run(feeds);
      return 'runs';
    } catch ({ message }) {
      return `a session, but run fails: ${message}`;
    } finally {
      await session.release();
    }
  }
  return {
    version: ort.env.versions.web,
    seen: {
      'GroupNormalization, webgpu': await run('GroupNormalization', 'webgpu', norm(1, 16, 8, 8)),
      'GroupNormalization, webgpu without fallback': await run('GroupNormalization', 'webgpu', norm(1, 16, 8, 8), true),
      'MultiHeadAttention with a mask, webgpu': await run('MultiHeadAttention', 'webgpu', attention),
      'MultiHeadAttention with a mask, wasm': await run('MultiHeadAttention', 'wasm', attention),
      'com.microsoft.GroupNorm, webgpu': await run('com.microsoft.GroupNorm', 'webgpu', norm(1, 8, 8, 16)),
    },
  };
}
const { version, seen } = await page.evaluate(look, JSON.parse(readFileSync('models.json', 'utf8')));
console.log(`onnxruntime-web ${version}, Chromium ${browser.version()}, SwiftShader`);
for (const [what, result] of Object.entries(seen)) console.log(`${what}: ${result.slice(0, 240)}`);
await browser.close();
const told = [/^runs$/, /^no session: .*assigned to the default CPU EP/s, /^a session, but run fails: .*key_padding_mask.* not implemented/s, /^runs$/, /^no session: .*GroupNorm/s];
if (!Object.values(seen).every((result, i) => told[i].test(result))) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS

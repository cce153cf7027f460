#!/usr/bin/env bash
# The entry points of onnxruntime-web are different engines: what one of them runs, another refuses, on the CPU too.
#
# Behaviour, for three small valid models:
#   · Conv without attributes, which all have defaults: the bare entry and /all fail at run ("dilations should be 2D") on WebGPU,
#     /webgpu and /jspi run it. With kernel_shape written out every entry does.
#   · Cast from float64 or bfloat16 to float32 on the CPU provider: the bare entry and /wasm run it, /webgpu and /jspi say "Could not find
#     an implementation", though the CPU is meant.
#   · Weights as external data from a 64 MiB Blob of which two tensors of 4 MiB are used: /jspi reads those two, by slice and stream; all
#     others read the whole Blob into memory.
# Seen with: onnxruntime-web 1.30.0, Chromium 156 with its software GPU SwiftShader, on 2026-11-27.
# Why a good guess is wrong: they are subpaths of one package at one version, with the same API and the same names of providers; one takes
#   them for the same engine with more or less in it.
# Whom it hurts: who changes the import for WebGPU's sake and finds that a model no longer loads on the CPU; and who picks a build for a large
#   model by its download size: what memory it takes to load the weights depends on the build as well.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q onnx==1.23.2
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" onnxruntime-web@1.30.0 playwright-core@1.65.1
"$FINDINGS_VENV/bin/python" - <<'PY'
import base64, json, onnx, onnx.parser
from onnx import TensorProto

def model(graph):
    parsed = onnx.parser.parse_model('<ir_version: 10, opset_import: ["" : 21]> ' + graph)
    onnx.checker.check_model(parsed, full_check=True)
    return parsed

CONV = "conv (float[1,4,16,16] x, float[8,4,3,3] w) => (float[1,8,14,14] y) { y = Conv %s(x, w) }"
CAST = "cast (float[4] x) => (float[4] y) { n = Cast <to = %d> (x) y = Cast <to = 1> (n) }"
models = {
    "plain conv": model(CONV % ""),
    "conv with kernel_shape": model(CONV % "<kernel_shape = [3, 3]> "),
    "float64": model(CAST % TensorProto.DOUBLE),
    "bfloat16": model(CAST % TensorProto.BFLOAT16),
    "external": model("gemm (float[1,1024] x, float[1024,1024] a, float[1024,1024] b) => (float[1,1024] y) { z = Gemm(x, a) y = Gemm(z, b) }"),
}
graph = models["external"].graph
for name, mebibyte in (("a", 1), ("b", 12)):
    tensor = graph.initializer.add(name=name, data_type=TensorProto.FLOAT, dims=[1024, 1024], data_location=TensorProto.EXTERNAL)
    for key, value in dict(location="weights", offset=mebibyte << 20, length=4 << 20).items():
        tensor.external_data.add(key=key, value=str(value))
del graph.input[1:]
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

async function look({ build, provider, models }) {
  const ort = await import(`/node_modules/onnxruntime-web/dist/${build}`);
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'fatal';
  const reads = [];
  class WatchedBlob extends Blob {
    slice(start, end) {
      return new WatchedBlob([super.slice(start, end)]);
    }
    stream() {
      reads.push(this.size / 2 ** 20);
      return super.stream();
    }
    arrayBuffer() {
      reads.push(this.size / 2 ** 20);
      return super.arrayBuffer();
    }
  }
  const tensor = (...shape) => new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)), shape);
  async function run(name, executionProvider, feeds, options = {}) {
    try {
      const session = await ort.InferenceSession.create(Uint8Array.from(atob(models[name]), (c) => c.charCodeAt(0)), { executionProviders: [executionProvider], ...options });
      await session.run(feeds);
      await session.release();
      return 'runs';
    } catch ({ message }) {
      return /dilations should be 2D|Could not find an implementation/.exec(message)?.[0] ?? message;
    }
  }
  const conv = { x: tensor(1, 4, 16, 16), w: tensor(8, 4, 3, 3) };
  const seen = {};
  for (const name of ['plain conv', 'conv with kernel_shape']) seen[name] = await run(name, provider, conv);
  for (const name of ['float64', 'bfloat16']) seen[name] = await run(name, 'wasm', { x: tensor(4) });
  await run('external', provider, { x: tensor(1, 1024) }, { externalData: [{ path: 'weights', data: new WatchedBlob([new Uint8Array(64 << 20)]) }] });
  seen['MiB read at a time'] = reads.join(' and ');
  return { version: ort.env.versions.web, seen };
}

const no = 'Could not find an implementation';
const expected = {
  bare: ['dilations should be 2D', 'runs', 'runs', 'runs', '64'],
  '/all': ['dilations should be 2D', 'runs', 'runs', 'runs', '64'],
  '/wasm': ['runs', 'runs', 'runs', 'runs', '64'],
  '/webgpu': ['runs', 'runs', no, no, '64'],
  '/jspi': ['runs', 'runs', no, no, '4 and 4'],
};
const models = JSON.parse(readFileSync('models.json', 'utf8'));
let asDescribed = true;
for (const [entry, told] of Object.entries(expected)) {
  const build = entry === 'bare' ? 'ort.bundle.min.mjs' : `ort.${entry.slice(1)}.bundle.min.mjs`;
  await page.goto('http://localhost/');
  const { version, seen } = await page.evaluate(look, { build, provider: entry === '/wasm' ? 'wasm' : 'webgpu', models });
  if (entry === 'bare') console.log(`onnxruntime-web ${version}, Chromium ${browser.version()}, SwiftShader`);
  console.log(`${entry.padEnd(8)} ${Object.entries(seen).map(([what, result]) => `${what}: ${result}`).join(' · ')}`);
  asDescribed &&= Object.values(seen).join() === told.join();
}
await browser.close();
if (!asDescribed) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS

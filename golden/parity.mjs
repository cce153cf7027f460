// Compares our graphs on onnxruntime-node with PyTorch's numbers. First: `npm i --no-save --ignore-scripts onnxruntime-node@1.30.0`.
// node golden/parity.mjs full-size DIR     a folder written by golden/full_size.py, on the CPU in float32
// node golden/parity.mjs components        every golden of src/models on the CPU
// node golden/parity.mjs gpu [float16]     the same on this machine's WebGPU
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('parity.ts', import.meta.url).pathname);
await module.main(process.argv.slice(2));

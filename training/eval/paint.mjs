// Paints a list of jobs with the app's own pipeline: node training/eval/paint.mjs MODEL_FOLDER JOBS.json OUT.rgb
// JOBS.json is an array of jobs (paint.ts: Job). OUT.rgb is their pictures, 8-bit RGB, one after another in the jobs' order;
// what is there already of the same jobs is not painted again. On a busy machine one thread does as much as several, which
// would wait for each other: taskset -c 0 node training/eval/paint.mjs …
import { runnerImport } from 'vite';

// The same CPU kernels in the build that onnxruntime-web has for Node.
const alias = { 'onnxruntime-web/wasm': 'onnxruntime-web' };
await runnerImport(new URL('paint.ts', import.meta.url).pathname, { resolve: { alias } });
// The runtime's threads would stay.
process.exit();

// Run by paint.mjs: everything happens while it is imported, because the runner imports nothing more afterwards.
import { appendFileSync, existsSync, openAsBlob, readFileSync, statSync, truncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { BUNDLED, type BundledModel } from '../../src/catalog/models.ts';
import { savedRepository } from '../../src/hub/golden/saved-repository.ts';
import { fromRgb } from '../../src/image/golden/rgb.ts';
import type { Picture } from '../../src/image/picture.ts';
import { loadModel } from '../../src/loaders/load-model.ts';
import type { Model } from '../../src/loaders/loader.ts';
import { readTinyVae, repositorySource } from '../../src/loaders/model-source.ts';
import type { PipelineRequest } from '../../src/pipeline/pipeline-request.ts';
import { stableDiffusion } from '../../src/pipeline/stable-diffusion.ts';
import { REQUEST_DEFAULTS } from '../../src/protocol/generation.ts';
import { parseRequest } from '../../src/protocol/request.ts';
import { Runtime } from '../../src/runtime/runtime.ts';

/** One picture. What is left out has the value that Trinket's form starts with. */
interface Job
  extends Partial<
    Pick<
      PipelineRequest,
      'negativePrompt' | 'seed' | 'guidanceScale' | 'numInferenceSteps' | 'scheduler' | 'width' | 'height'
    >
  > {
  readonly prompt: string;
  /** The initial image: a file of raw 8-bit RGB, of the job's size; the path is relative to the list's. */
  readonly image?: string;
  /** 0 … 1: how much of it is painted over; 0.6 if left out. */
  readonly strength?: number;
  /** Also writes the latents decoded after every step, before the finished picture; not with `image`. Needs an AutoencoderTiny. */
  readonly filmstrip?: boolean;
}

const PROGRESS_EVERY = 20;

const [folder, list, out] = process.argv.slice(2);
if (!folder || !list || !out) throw new Error('paint.mjs MODEL_FOLDER JOBS.json OUT.rgb');

const jobs: readonly Job[] = JSON.parse(readFileSync(list, 'utf8'));
const requests = jobs.map(toRequest);
const sizes = requests.map(({ width, height, numInferenceSteps, filmstrip }) => {
  return width * height * 3 * (filmstrip ? numInferenceSteps : 1);
});
const first = resume(out);

// As on a cross-origin isolated page: one thread per core that this process may use.
globalThis.crossOriginIsolated = true;
globalThis.navigator ??= { hardwareConcurrency: availableParallelism() } as Navigator;
const runtime = await Runtime.open('wasm');
const model = await open(false);
// Its previews are decoded in full.
const filmed = jobs.some((job) => job.filmstrip) ? await open(true) : model;

const began = performance.now();
for (let i = first; i < requests.length; i++) {
  appendFileSync(out, await paint(requests[i] as PipelineRequest));
  const done = i + 1;
  if (done % PROGRESS_EVERY === 0 || done === requests.length) {
    const pace = ((done - first) / (performance.now() - began)) * 1000;
    console.error(`${done} of ${requests.length}, ${pace.toFixed(2)} pictures/s`);
  }
}

function toRequest({ image, strength, ...job }: Job): PipelineRequest {
  if (image && job.filmstrip) throw new Error(`${job.prompt}: a filmstrip starts from noise.`);
  const { defaults } = BUNDLED.trinket as BundledModel;
  const usual = {
    ...REQUEST_DEFAULTS,
    ...defaults,
    negativePrompt: '',
    seed: 0,
    numImages: 1,
    filmstrip: false,
  };
  const request = parseRequest({ ...usual, ...job, model: 'trinket', device: 'wasm' });
  const { width, height } = request;
  const read = (path: string) => fromRgb(readFileSync(join(dirname(list as string), path)), width, height);
  return {
    ...request,
    hires: null,
    controls: [],
    picturePrompts: [],
    image: image ? { pixels: read(image), strength: strength ?? 0.6 } : null,
  };
}

/** The first job that isn't complete in the file; an incomplete one is cut off. */
function resume(path: string): number {
  let there = existsSync(path) ? statSync(path).size : 0;
  const first = sizes.findIndex((size) => {
    if (there < size) return true;
    there -= size;
    return false;
  });
  if (there > 0) truncateSync(path, statSync(path).size - there);
  return first < 0 ? sizes.length : first;
}

async function open(previews: boolean): Promise<Model> {
  const read = (path: string) => openAsBlob(join(folder as string, path));
  const has = (path: string) => existsSync(join(folder as string, path));
  const files = savedRepository(has, read);
  const vae = savedRepository(
    (path) => has(`vae/${path}`),
    (path) => read(`vae/${path}`),
  );
  const preview = previews ? await readTinyVae(vae) : null;
  return loadModel(repositorySource(files), runtime, () => {}, preview);
}

/** 8-bit RGB of the picture, or of the frames one after another. */
async function paint(request: PipelineRequest): Promise<Uint8Array> {
  const frames: Picture[] = [];
  const { signal } = new AbortController();
  const { filmstrip } = request;
  await stableDiffusion(
    filmstrip ? filmed : model,
    { ...request, filmstrip: false },
    async (event) => {
      // Some samplers evaluate the model more than once per step; the last preview counts.
      if (filmstrip && event.stage === 'denoise') frames[event.step - 1] = event.preview;
      if (event.stage === 'image') frames[filmstrip ? request.numInferenceSteps - 1 : 0] = event.picture;
    },
    signal,
  );
  return Buffer.concat(frames.map(({ rgba }) => new Uint8Array(rgba.filter((_, i) => i % 4 !== 3))));
}

// Run by paint.mjs: everything happens while it is imported, because the runner imports nothing more afterwards.
import { appendFileSync, existsSync, openAsBlob, readFileSync, statSync, truncateSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { BUNDLED, type BundledModel } from '../../src/catalog/models.ts';
import type { Picture } from '../../src/image/picture.ts';
import { Components } from '../../src/loaders/components.ts';
import { readTinyVae, repositorySource } from '../../src/loaders/model-source.ts';
import { savedRepository } from '../../src/pipeline/golden/repository.ts';
import { fromRgb } from '../../src/pipeline/golden/runs.ts';
import type { PipelineRequest } from '../../src/pipeline/request.ts';
import { stableDiffusion } from '../../src/pipeline/stable-diffusion.ts';
import { REQUEST_DEFAULTS } from '../../src/protocol/generation.ts';
import { parseRequest } from '../../src/protocol/request.ts';
import { Runtime } from '../../src/runtime/runtime.ts';

/** One picture; whatever is left out is as Trinket's form has it at first. */
interface Job
  extends Partial<
    Pick<
      PipelineRequest,
      'negativePrompt' | 'seed' | 'guidanceScale' | 'numInferenceSteps' | 'scheduler' | 'width' | 'height'
    >
  > {
  readonly prompt: string;
  /** The picture to begin with: raw 8-bit RGB of the job's size, a path relative to the list's. */
  readonly image?: string;
  /** 0 … 1: how much of it is painted over; 0.6 where nothing is said. */
  readonly strength?: number;
  /** The latents decoded after every step, the finished picture last; not with `image`. The VAE must be an AutoencoderTiny. */
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

// As on an isolated page: a thread for every core that this process may use.
globalThis.crossOriginIsolated = true;
globalThis.navigator ??= { hardwareConcurrency: availableParallelism() } as Navigator;
const runtime = await Runtime.open('wasm');
const components = await open(false);
// Its previews are full decodes.
const filmed = jobs.some((job) => job.filmstrip) ? await open(true) : components;

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
  if (image && job.filmstrip) throw new Error(`${job.prompt}: a filmstrip begins with noise.`);
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
    image: image ? { picture: read(image), strength: strength ?? 0.6 } : null,
  };
}

/** The first job that is not in the file yet; what is there of it is cut off. */
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

async function open(previews: boolean): Promise<Components> {
  const read = (path: string) => openAsBlob(join(folder as string, path));
  const has = (path: string) => existsSync(join(folder as string, path));
  const files = savedRepository(has, read);
  const vae = savedRepository(
    (path) => has(`vae/${path}`),
    (path) => read(`vae/${path}`),
  );
  const preview = previews ? await readTinyVae(vae) : null;
  return Components.open(repositorySource(files), runtime, () => {}, preview);
}

/** 8-bit RGB of the picture, or of the frames one after another. */
async function paint(request: PipelineRequest): Promise<Uint8Array> {
  const frames: Picture[] = [];
  const { signal } = new AbortController();
  const { filmstrip } = request;
  await stableDiffusion(
    filmstrip ? filmed : components,
    { ...request, filmstrip: false },
    async (event) => {
      // Of a sampler that looks more than once a step the last look.
      if (filmstrip && event.stage === 'denoise') frames[event.step - 1] = event.preview;
      if (event.stage === 'image') frames[filmstrip ? request.numInferenceSteps - 1 : 0] = event.picture;
    },
    signal,
  );
  return Buffer.concat(frames.map(({ rgba }) => new Uint8Array(rgba.filter((_, i) => i % 4 !== 3))));
}

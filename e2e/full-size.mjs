import { readFileSync } from 'node:fs';

/** @typedef {import('./hub.mjs').RepoFile} RepoFile */
/** @typedef {Readonly<Record<string, readonly number[]>>} Shapes */

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url);
const json = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value));
const read = (/** @type {string} */ relative) => readFileSync(path(relative));

/** Repeats: float16 numbers in ±0.02, the same each time. */
const BLOCK = halves(2 ** 19);

/** @param {number} count */
function halves(count) {
  const block = Buffer.alloc(2 * count);
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Sign, an exponent of 2⁻⁸ to 2⁻⁶, and ten bits of fraction.
    block.writeUInt16LE(
      ((state >>> 31) << 15) | ((7 + ((state >>> 29) % 3)) << 10) | ((state >>> 12) & 1023),
      2 * i,
    );
  }
  return block;
}

/**
 * A safetensors file of these shapes in float16 that is nowhere: its bytes are made as they are asked for.
 * @implements {RepoFile}
 */
class SyntheticWeights {
  #head;
  length;

  /** @param {Shapes} shapes */
  constructor(shapes) {
    let end = 0;
    const entries = Object.entries(shapes).map(([name, shape]) => {
      const begin = end;
      end += shape.reduce((a, b) => a * b, 2);
      return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }];
    });
    const header = json(Object.fromEntries(entries));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(header.length));
    this.#head = Buffer.concat([prefix, header]);
    this.length = this.#head.length + end;
  }

  /** @param {number} from @param {number} to */
  subarray(from, to) {
    /** @type {Buffer[]} */
    const parts = [this.#head.subarray(from, to)];
    let at = Math.max(from, this.#head.length);
    while (at < Math.min(to, this.length)) {
      const begin = (at - this.#head.length) % BLOCK.length;
      const part = BLOCK.subarray(begin, begin + Math.min(to, this.length) - at);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }
}

/**
 * Stable Diffusion 1.5 as its repository is laid out, every tensor by name, shape and size (diffusers', golden/models.py),
 * the numbers made up.
 * @returns {Map<string, RepoFile>}
 */
export function stableDiffusion15() {
  /** @type {Record<'text_encoder' | 'unet' | 'vae', { config: object, shapes: Shapes }>} */
  const parts = JSON.parse(String(read('../src/models/golden/sd15/shapes.json')));
  const weights = {
    text_encoder: 'model.fp16.safetensors',
    unet: 'diffusion_pytorch_model.fp16.safetensors',
    vae: 'diffusion_pytorch_model.fp16.safetensors',
  };
  const [vocabulary, merges] = [
    read('tiny-model/tokenizer/vocab.json'),
    read('tiny-model/tokenizer/merges.txt'),
  ];
  return new Map([
    ...Object.entries(parts).flatMap(([name, { config, shapes }]) => {
      const file = weights[/** @type {keyof typeof parts} */ (name)];
      return /** @type {[string, RepoFile][]} */ ([
        [`${name}/config.json`, json(config)],
        [`${name}/${file}`, new SyntheticWeights(shapes)],
      ]);
    }),
    ['tokenizer/vocab.json', vocabulary],
    ['tokenizer/merges.txt', merges],
    ['tokenizer/tokenizer_config.json', read('tiny-model/tokenizer/tokenizer_config.json')],
    ['scheduler/scheduler_config.json', json(SCHEDULER)],
    ['model_index.json', json(INDEX)],
  ]);
}

const SCHEDULER = {
  _class_name: 'PNDMScheduler',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  num_train_timesteps: 1000,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  clip_sample: false,
};

const INDEX = {
  _class_name: 'StableDiffusionPipeline',
  scheduler: ['diffusers', 'PNDMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
};

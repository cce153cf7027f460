/**
 * How keys end, and the part of a module that they hold: files of kohya's sd-scripts, of LyCORIS (modules/*.py, weight_list), of
 * PEFT with or without the adapter's name, and of diffusers before it used PEFT. Without a name, the part is called as in the
 * key. The ends that a model's own keys have too come last.
 */
const ENDINGS: readonly (readonly [RegExp, string?])[] = [
  [
    /(?:\.lora_down|\.lora_A(?:\.[^.]+)?|\.lora\.down|\.lora_linear_layer\.down|_lora\.down)\.weight$/,
    'down',
  ],
  [/(?:\.lora_up|\.lora_B(?:\.[^.]+)?|\.lora\.up|\.lora_linear_layer\.up|_lora\.up)\.weight$/, 'up'],
  [/\.lora_mid\.weight$/, 'mid'],
  [/\.lora_B(?:\.[^.]+)?\.bias$/, 'up_bias'],
  [/\.lora_embedding_A(?:\.[^.]+)?$/, 'embedding_down'],
  [/\.lora_embedding_B(?:\.[^.]+)?$/, 'embedding_up'],
  [/\.lora_magnitude_vector(?:\.[^.]+){0,2}$/, 'magnitude'],
  [/\.(hada_w[12]_[ab]|hada_t[12]|lokr_w[12](?:_[ab])?|lokr_t2|ia3_l)(?:\.[^.]+)?$/],
  [/\.(dora_scale|diff|diff_b|set_weight|w_norm|b_norm|on_input|oft_blocks)$/],
  [/\.([ab][12]|bm)\.weight$/],
  [/(?:\.base_layer)?\.(alpha|rescale|weight|bias)$/],
];

/** Parts that say nothing by themselves about what a file is: a checkpoint's keys may end so too. */
const COMMON = ['alpha', 'rescale', 'weight', 'bias'];

/** Parts of keys that are known, but not what to do with them. */
const OTHER_METHODS: readonly (readonly [mark: RegExp, method: string])[] = [
  [/\.(oft_[rR]|oft_diag)\b/, 'OFT (PEFT)'],
  [/\.boft_[Rs]\b/, 'BOFT (PEFT)'],
  [/\.vera_lambda_|\bvera_[AB]\b/, 'VeRA'],
  [/\.lambda_layer$|\.[pq]_layer\.weight$/, 'T-LoRA'],
  [/\.glora_/, 'GLoRA (PEFT)'],
  [/\.hira_/, 'HiRA'],
  [/\.hra_/, 'HRA'],
  [/\.road_/, 'RoAd'],
  [/\.shira_/, 'SHiRA'],
  [/\.waveft_/, 'WaveFT'],
  [/\.fourierft_/, 'FourierFT'],
  [/\.randlora_/, 'RandLora'],
  [/\.miss_/, 'MiSS'],
  [/\.c3a_/, 'C3A'],
  [/\.delora_/, 'DeLoRA'],
  [/\.(bias_indices|bias_values|bias_size)$/, 'sparse bias (LyCORIS)'],
];

/** A key in its two halves: the module as the file names it, and the part of the module. */
interface LoraKey {
  readonly module: string;
  readonly part: string;
}

/** The halves of a key; undefined when it cannot be a LoRA's. */
export function parseLoraKey(key: string): LoraKey | undefined {
  for (const [ending, name] of ENDINGS) {
    const match = ending.exec(key);
    if (match) return { module: key.slice(0, match.index), part: name ?? (match[1] as string) };
  }
  return undefined;
}

/** The method that a key belongs to, where it is one that is not supported. */
export function otherMethod(key: string): string | undefined {
  return OTHER_METHODS.find(([mark]) => mark.test(key))?.[1];
}

/** Whether these are the keys of a file that changes a model, by any method, instead of being one. */
export function isLora(keys: Iterable<string>): boolean {
  for (const key of keys) {
    const part = parseLoraKey(key)?.part;
    if ((part !== undefined && !COMMON.includes(part)) || otherMethod(key) !== undefined) return true;
  }
  return false;
}

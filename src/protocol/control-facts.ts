import type { ModelId } from '../catalog/models.ts';
import type { Preprocessor } from './control.ts';

/** What the maps of control models show, by the usual names, each with what makes such a map here; `none`: nothing does, or the model reads pictures as they are. */
export const CONTROL_PURPOSES = {
  canny: 'canny',
  scribble: 'scribble',
  lineart: 'lineart',
  softedge: 'lineart',
  mlsd: 'canny',
  depth: 'depth',
  normal: 'normal',
  openpose: 'none',
  seg: 'none',
  tile: 'blur',
  inpaint: 'none',
  shuffle: 'none',
  ip2p: 'none',
  recolor: 'none',
  color: 'none',
  qr: 'none',
} as const satisfies Readonly<Record<string, Preprocessor>>;
export type ControlPurpose = keyof typeof CONTROL_PURPOSES;
export const CONTROL_PURPOSE_NAMES = Object.keys(CONTROL_PURPOSES) as ControlPurpose[];

/**
 * The maps of a ControlNet Union, by its control mode: ControlNetPlus' list, of which the first six are in every one, and the last two in
 * those called ProMax (https://huggingface.co/xinsir/controlnet-union-sdxl-1.0).
 */
export const UNION_PURPOSES: readonly (readonly ControlPurpose[])[] = [
  ['openpose'],
  ['depth'],
  ['softedge', 'scribble'],
  ['canny', 'lineart', 'mlsd'],
  ['normal'],
  ['seg'],
  ['tile'],
  ['inpaint'],
];

/** What a control model was trained with. */
export const CONTROL_BASES = ['sd1', 'sd2', 'sdxl'] as const;

/** What is known of a ControlNet or T2I-Adapter on this device. */
export interface ControlFacts {
  readonly kind: 'ControlNet' | 'ControlNet Union' | 'T2I-Adapter';
  /** T2I-Adapters of `sd1` fit Stable Diffusion 2 too. */
  readonly base: (typeof CONTROL_BASES)[number];
  /** Null where its name does not tell, and for a Union. */
  readonly purpose: ControlPurpose | null;
  /** How many kinds of maps a Union has, for `controlMode` 0, 1, …; 0 for every other model. */
  readonly controlModes: number;
}

/** Words in the names of published models: lllyasviel's, xinsir's, TencentARC's, thibaud's, diffusers' own. The first that is found counts. */
const WORDS: readonly (readonly [ControlPurpose, RegExp])[] = [
  ['ip2p', /ip2p|pix2pix/],
  ['inpaint', /inpaint|repaint|outpaint/],
  ['recolor', /recolor|coloriz/],
  ['qr', /qr|brightness|illumination/],
  ['openpose', /pose|mediapipe/],
  ['mlsd', /mlsd/],
  ['softedge', /soft_?edge|pidi|teed|dexined|(?<![a-z])hed(?![a-z])/],
  ['lineart', /line_?art|mangaline/],
  ['scribble', /scribble|sketch|painter/],
  ['canny', /canny/],
  ['depth', /depth|midas|zoe/],
  ['normal', /normal(?!i)/],
  ['seg', /ade20k|(?<![a-z])seg(ment|mentation)?(?![a-z])/],
  ['shuffle', /shuffle/],
  ['tile', /(?<![a-z])tile(?![a-z])/],
  ['color', /(?<![a-z])colou?r(?![a-z])/],
];

/**
 * What the maps of a control model show, as far as its file, its folder or its repository is named after them.
 * @param config its config.json: a mean over the whole map is what `shuffle` takes, and some say which folder they were trained in
 */
export function controlPurpose(id: ModelId, config?: unknown): ControlPurpose | null {
  const keys = (typeof config === 'object' && config !== null ? config : {}) as Readonly<
    Record<string, unknown>
  >;
  const folder = typeof keys._name_or_path === 'string' ? keys._name_or_path : '';
  const [owner, ...own] = id.split('/');
  for (const name of [
    ...(own.length > 0 ? own.toReversed() : [owner as string]),
    ...folder.split('/').toReversed(),
  ]) {
    const words = name.toLowerCase().replaceAll('-', '_');
    const found = WORDS.find(([, mark]) => mark.test(words));
    if (found) return found[0];
  }
  return keys.global_pool_conditions === true ? 'shuffle' : null;
}

import type { ControlLayer, PicturePrompt, Preprocessor } from '../../protocol/control.ts';
import { UNION_KINDS } from '../settings/union-kinds.ts';
import { quoted } from './infotext-pairs.ts';

type Pair = readonly [key: string, value: string];

/** sd-webui-controlnet's names of the ways to make a map (scripts/supported_preprocessor.py and those that fill it). */
const MODULES: Readonly<Record<Preprocessor, string>> = {
  none: 'none',
  canny: 'canny',
  scribble: 'scribble_xdog',
  lineart: 'lineart_standard',
  depth: 'depth_anything_v2',
  normal: 'normal_map',
  blur: 'blur_gaussian',
};

/** Its words for the guess mode and for none (scripts/enums.py, ControlMode). */
export const [BALANCED, GUESS] = ['Balanced', 'ControlNet is more important'] as const;
/** It takes the encoder that the adapter needs. */
const IP_ADAPTER = 'ip-adapter-auto';
/** What of a picture prompt its units do not say: a pair of our own, which other readers leave alone. */
export const PROMPT_KEY = 'Picture prompt';

/**
 * Layers and picture prompts as the extension sd-webui-controlnet writes its units (scripts/infotext.py), numbered through.
 * What is not known is left out: hashes of the models, and how a preprocessor was set.
 */
export function controlUnits(
  controls: readonly ControlLayer[],
  picturePrompts: readonly PicturePrompt[],
): readonly Pair[] {
  const layers = controls.map((layer) =>
    pairsText([
      ['Module', MODULES[layer.preprocessor]],
      ['Model', layer.model],
      ['Weight', layer.scale],
      // Ours stretches every map to the picture's size.
      ['Resize Mode', 'Just Resize'],
      ['Guidance Start', layer.start],
      ['Guidance End', layer.end],
      ['Control Mode', layer.isGuess ? GUESS : BALANCED],
      ...(layer.controlMode === null
        ? []
        : [['Union Control Type', UNION_KINDS[layer.controlMode]?.[0] ?? layer.controlMode] as const]),
    ]),
  );
  const prompts = picturePrompts.map(({ adapter, scale }) =>
    pairsText([
      ['Module', IP_ADAPTER],
      ['Model', adapter],
      ['Weight', scale],
      ['Guidance Start', 0],
      ['Guidance End', 1],
      ['Control Mode', BALANCED],
    ]),
  );
  const units = [...layers, ...prompts].map((text, i): Pair => [`ControlNet ${i}`, text]);
  return [...units, ...picturePrompts.flatMap(ownPair)];
}

function ownPair({ parts, pictures }: PicturePrompt, i: number): readonly Pair[] {
  if (parts === 'all' && pictures.length === 1) return [];
  return [
    [
      `${PROMPT_KEY} ${i}`,
      pairsText([
        ['Parts', parts],
        ['Pictures', pictures.length],
      ]),
    ],
  ];
}

const pairsText = (pairs: readonly (readonly [key: string, value: string | number])[]) =>
  pairs.map(([key, value]) => `${key}: ${quoted(String(value))}`).join(', ');

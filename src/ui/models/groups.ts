import type { ModelId } from '../../catalog/models.ts';
import {
  RECOMMENDED_BACKGROUND_REMOVAL,
  RECOMMENDED_CONTROLS,
  RECOMMENDED_DEPTH,
  RECOMMENDED_IP_ADAPTERS,
  RECOMMENDED_SEGMENTER,
  RECOMMENDED_UPSCALERS,
  RECOMMENDED_VAES,
} from '../../catalog/recommended-parts.ts';
import { type EntryType, SWAPPABLE_COMPONENTS } from '../../protocol/models.ts';

/** What the Models screen lists together. LoRAs have a place of their own. */
export const GROUPS = {
  paint: ['model'],
  steer: ['control', 'ip_adapter', 'depth', 'segmenter'],
  enlarge: ['upscaler', 'background_removal'],
  parts: SWAPPABLE_COMPONENTS,
} as const satisfies Readonly<Record<string, readonly EntryType[]>>;
export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

export const isInGroup = (group: Group, type: EntryType) =>
  (GROUPS[group] as readonly EntryType[]).includes(type);

/** What is recommended, by its type; all else paints. */
const RECOMMENDED_OF: readonly (readonly [EntryType, readonly { readonly id: ModelId }[]])[] = [
  ['vae', RECOMMENDED_VAES],
  ['control', RECOMMENDED_CONTROLS],
  ['ip_adapter', RECOMMENDED_IP_ADAPTERS],
  ['depth', RECOMMENDED_DEPTH],
  ['segmenter', [RECOMMENDED_SEGMENTER]],
  ['background_removal', [RECOMMENDED_BACKGROUND_REMOVAL]],
  ['upscaler', RECOMMENDED_UPSCALERS],
];

/** What a model is of which nothing has arrived yet; whatever is not known is taken for one that paints. */
export const expectedType = (id: ModelId): EntryType =>
  RECOMMENDED_OF.find(([, models]) => models.some((model) => model.id === id))?.[0] ?? 'model';

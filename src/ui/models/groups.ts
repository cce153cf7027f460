import type { ModelId } from '../../catalog/models.ts';
import {
  RECOMMENDED_CONTROLS,
  RECOMMENDED_DEPTH,
  RECOMMENDED_IP_ADAPTERS,
  RECOMMENDED_UPSCALERS,
  RECOMMENDED_VAES,
} from '../../catalog/recommended-parts.ts';
import { type EntryType, SWAPPABLE_COMPONENTS } from '../../protocol/models.ts';

/** What the Models screen lists together. LoRAs have a place of their own. */
export const GROUPS = {
  paint: ['model'],
  steer: ['control', 'ip_adapter', 'depth', 'segmenter'],
  enlarge: ['upscaler'],
  parts: SWAPPABLE_COMPONENTS,
} as const satisfies Readonly<Record<string, readonly EntryType[]>>;
export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

export const isInGroup = (group: Group, type: EntryType) =>
  (GROUPS[group] as readonly EntryType[]).includes(type);

/** What a model is of which nothing has arrived yet; whatever is not known is taken for one that paints. */
export function expectedType(id: ModelId): EntryType {
  if (RECOMMENDED_VAES.some((vae) => vae.id === id)) return 'vae';
  if (RECOMMENDED_CONTROLS.some((control) => control.id === id)) return 'control';
  if (RECOMMENDED_DEPTH.some((depth) => depth.id === id)) return 'depth';
  if (RECOMMENDED_IP_ADAPTERS.some((adapter) => adapter.id === id)) return 'ip_adapter';
  return RECOMMENDED_UPSCALERS.some((upscaler) => upscaler.id === id) ? 'upscaler' : 'model';
}

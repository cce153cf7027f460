import type { MapRequest } from '../../protocol/map-request.ts';
import type { StoredControl } from '../../storage/stored-control.ts';

/** What maps are made for, and with: the form's size, the network that estimates depth, and the device it runs on. */
export type MapWorld = Pick<MapRequest, 'width' | 'height' | 'model' | 'device'>;

/** What of a layer its map depends on. */
const RECIPE = ['picture', 'preprocessor', 'low', 'high', 'sigma'] as const;
export const isSameMap = (one: StoredControl, other: StoredControl): boolean =>
  RECIPE.every((name) => one[name] === other[name]);

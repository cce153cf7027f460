import type { ModelId } from '../../catalog/models.ts';
import type { ControlLayer } from '../../protocol/control.ts';
import { needsDepth } from '../../protocol/map-request.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { maskToPng } from './mask.ts';

/** What keeps a layer from a run. `not-steered`: there is no control model for the form's model, as for Trinket. */
export type ControlFault =
  | 'no-picture'
  | 'no-depth-model'
  | 'no-map'
  | 'no-part'
  | 'not-steered'
  | 'no-model'
  | 'model-gone'
  | 'other-family';

/** The form's model, and what is on this device; null until that is known. */
export interface ControlWorld {
  readonly model: ModelId;
  readonly installed: readonly InstalledModel[] | null;
}

/** Control models that are wholly here, and fit the form's model as far as its family tells. */
export function fittingControls({ model, installed }: ControlWorld): readonly InstalledModel[] {
  const family = installed?.find(({ id }) => id === model)?.family;
  return (
    installed?.filter((other) => other.type === 'control' && other.complete && other.family === family) ?? []
  );
}

/** Why a layer cannot be used as it is; null where it can, or where its map is being made. */
export function controlFault(
  { picture, map, preprocessor, start, end, model }: StoredControl,
  isMaking: boolean,
  world: ControlWorld,
): ControlFault | null {
  const { installed } = world;
  if (!picture && !map) return 'no-picture';
  if (!map && !isMaking) {
    const hasDepth =
      installed === null || installed.some(({ type, complete }) => type === 'depth' && complete);
    return needsDepth(preprocessor) && !hasDepth ? 'no-depth-model' : 'no-map';
  }
  if (start >= end) return 'no-part';
  if (installed === null) return null;
  const form = installed.find(({ id }) => id === world.model);
  if (!form || form.family === 'own') return 'not-steered';
  if (model === null) return 'no-model';
  const control = installed.find(({ id, complete }) => id === model && complete);
  if (control?.type !== 'control') return 'model-gone';
  return control.family === form.family ? null : 'other-family';
}

/**
 * A layer as a request has it.
 * @throws AppError, DOMException where its map cannot be read or drawn
 */
export async function toControlLayer(
  layer: StoredControl & { map: Blob; model: ModelId },
): Promise<ControlLayer> {
  const { model, preprocessor, controlMode, scale, start, end, isGuess } = layer;
  return { model, map: await paintedMap(layer), preprocessor, controlMode, scale, start, end, isGuess };
}

/** All of a map, as fractions of it. */
const ALL = { x: 0, y: 0, width: 1, height: 1 };

/** A map with what is painted on it, in its own size. */
async function paintedMap({ map, strokes, isInverted }: StoredControl & { map: Blob }): Promise<Blob> {
  if (strokes.length === 0 && !isInverted) return map;
  const bitmap = await createImageBitmap(map);
  const canvas = { width: bitmap.width, height: bitmap.height };
  bitmap.close();
  const mask = { picture: { file: map, at: ALL }, strokes, isInverted };
  return maskToPng(mask, {
    canvas,
    whole: { x: 0, y: 0, ...canvas },
    ratio: canvas.width / canvas.height,
  });
}

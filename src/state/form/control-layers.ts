import type { ModelId } from '../../catalog/models.ts';
import type { ControlLayer } from '../../protocol/control.ts';
import { needsDepth } from '../../protocol/map-request.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { maskToPng } from './mask.ts';
import {
  fitting,
  formModel,
  isForModel,
  type SteeringWorld,
  type UnsteeredReason,
  unsteeredReason,
} from './steering-world.ts';

/** What keeps a layer from a run. `with-reuse`: what DeepCache and T-GATE take over would not be steered. */
export type ControlFault =
  | UnsteeredReason
  | 'no-picture'
  | 'no-depth-model'
  | 'no-map'
  | 'no-part'
  | 'no-model'
  | 'model-gone'
  | 'other-family'
  | 'no-mode'
  | 'with-reuse'
  | 'too-many';

/** Control models that can steer the form's model. */
export const fittingControls = (world: SteeringWorld) => fitting('control', world);

/** Why a layer cannot be used as it is; null where it can, or where its map is being made. */
export function controlFault(
  layer: StoredControl,
  isMaking: boolean,
  world: SteeringWorld,
): ControlFault | null {
  // First, because no picture helps there.
  return unsteeredReason(world) ?? mapFault(layer, isMaking, world) ?? modelFault(layer, world);
}

function mapFault(
  { picture, map, preprocessor, start, end }: StoredControl,
  isMaking: boolean,
  { installed }: SteeringWorld,
): ControlFault | null {
  if (!picture && !map) return 'no-picture';
  if (!map && !isMaking) {
    const hasDepth =
      installed === null || installed.some(({ type, complete }) => type === 'depth' && complete);
    return needsDepth(preprocessor) && !hasDepth ? 'no-depth-model' : 'no-map';
  }
  return start >= end ? 'no-part' : null;
}

function modelFault({ model, controlMode }: StoredControl, world: SteeringWorld): ControlFault | null {
  if (model === null) return 'no-model';
  if (world.installed === null) return null;
  const control = world.installed.find(({ id, complete }) => id === model && complete);
  if (control?.type !== 'control') return 'model-gone';
  const form = formModel(world);
  if (form && !isForModel(control, form)) return 'other-family';
  const modes = control.control?.controlModes ?? 0;
  if (modes > 0 && (controlMode === null || controlMode >= modes)) return 'no-mode';
  const { cacheInterval, gateStep } = world.fields;
  return Number(cacheInterval) > 1 || Number(gateStep) > 0 ? 'with-reuse' : null;
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

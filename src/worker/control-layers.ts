import { readImage } from '../image/read-image.ts';
import type { ControlFile } from '../loaders/control/control-file.ts';
import { controlModeOf } from '../loaders/control/control-mode.ts';
import type { Control } from '../pipeline/controls.ts';
import type { ControlLayer } from '../protocol/control.ts';
import { AppError, type Fault } from '../protocol/errors.ts';

/**
 * Reads the maps of a request's control layers.
 * @param files what each of the layers is run with
 * @throws AppError unsupported-control for a Union whose layer does not say which kind its map is of; unsupported-image for a map that is no picture, naming its layer; out-of-memory
 */
export async function readControlLayers(
  layers: readonly ControlLayer[],
  files: readonly ControlFile[],
): Promise<Control[]> {
  const controls: Control[] = [];
  for (const [i, { map, scale, start, end, isGuess, controlMode }] of layers.entries()) {
    const file = files[i] as ControlFile;
    const mode = controlModeOf(file, controlMode);
    controls.push({ file, map: await readMap(map, file.name), scale, start, end, isGuess, mode });
  }
  return controls;
}

const readMap = (map: Blob, control: string) =>
  readImage(map).catch((cause: unknown) => {
    if (!(cause instanceof AppError) || cause.code !== 'unsupported-image') throw cause;
    const details = { kind: 'no-map', control } satisfies Fault;
    throw new AppError('unsupported-image', `The map for ${control} is no picture.`, details, { cause });
  });

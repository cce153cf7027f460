import * as v from 'valibot';
import type { ModelId } from '../catalog/models.ts';
import type { ControlLayer } from '../protocol/control.ts';
import { ControlLayerSchema } from '../protocol/request.ts';
import { type Stroke, StrokeSchema } from './stroke.ts';

/** A control layer as the form has it: what the request needs, and what its map is made from. */
export interface StoredControl extends Omit<ControlLayer, 'model' | 'map'> {
  /** Its own among the layers. */
  readonly id: string;
  /** Null while none is chosen. */
  readonly model: ModelId | null;
  /** What the map is made from; null while none is chosen, or where only the map is known. */
  readonly picture: Blob | null;
  /** Made from the picture, as nobody has painted on it; null until it is made. */
  readonly map: Blob | null;
  /** Canny's two thresholds, 0 … 255. */
  readonly low: number;
  readonly high: number;
  /** How much a blur softens: the standard deviation in pixels of the map, 0 … 64. */
  readonly sigma: number;
  /** Painted on the map: white, or black where a stroke erases. */
  readonly strokes: readonly Stroke[];
  /** Whether the map is inverted, and the strokes with it. */
  readonly isInverted: boolean;
  /** Whether it counts in a run. */
  readonly isOn: boolean;
}

const { preprocessor, controlMode, scale, start, end, isGuess, model } = ControlLayerSchema.entries;
const threshold = v.pipe(v.number(), v.minValue(0), v.maxValue(255));

/** What is taken for a stored control layer. */
export const StoredControlSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  ...{ preprocessor, controlMode, scale, start, end, isGuess },
  model: v.nullable(model),
  picture: v.nullable(v.blob()),
  map: v.nullable(v.blob()),
  low: threshold,
  high: threshold,
  sigma: v.pipe(v.number(), v.minValue(0), v.maxValue(64)),
  strokes: v.array(StrokeSchema),
  isInverted: v.boolean(),
  isOn: v.boolean(),
});

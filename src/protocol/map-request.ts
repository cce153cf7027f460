import * as v from 'valibot';
import type { ModelId } from '../catalog/models.ts';
import { PREPROCESSORS, type Preprocessor } from './control.ts';
import type { DeviceChoice } from './device.ts';
import { parseParams } from './parse-params.ts';
import { LARGEST_SIDE, SETTINGS } from './settings.ts';

/** How a map is made that is not there yet. */
export type MapMaker = Exclude<Preprocessor, 'none'>;
const MAP_MAKERS = PREPROCESSORS.filter((name): name is MapMaker => name !== 'none');

/** The preprocessors that a network does its part for, an entry of type `depth`. All others are plain code. */
export const DEPTH_MAKERS = ['depth', 'normal'] as const satisfies readonly MapMaker[];
export const needsDepth = (preprocessor: Preprocessor) =>
  (DEPTH_MAKERS as readonly Preprocessor[]).includes(preprocessor);

/** Canny's thresholds: how steep an edge is, in steps of brightness. */
export const THRESHOLD_RANGE = { min: 0, max: 255 } as const;
/** How much `blur` softens. */
export const SIGMA_RANGE = { min: 0, max: 64 } as const;
/** OpenCV's and diffusers' examples for canny; AUTOMATIC1111's `blur_gaussian`. */
export const MAP_DEFAULTS = { low: 100, high: 200, sigma: 9 } as const;

/** A map that is to be made of a picture. */
export interface MapRequest {
  /** A picture file. */
  readonly picture: Blob;
  readonly preprocessor: MapMaker;
  /** `canny`: an edge is followed while it is steeper than this, 0 … 255. */
  readonly low: number;
  /** `canny`: an edge begins where it is steeper than this, 0 … 255. */
  readonly high: number;
  /** `blur`: the standard deviation in pixels of the map, 0 … 64. */
  readonly sigma: number;
  /** The size of what the map is to steer, pixels: the map has about as many, in the shape of its own picture. */
  readonly width: number;
  readonly height: number;
  /** `depth` and `normal`: an entry of type `depth` on this device. Null for all others. */
  readonly model: ModelId | null;
  /** What that runs on. */
  readonly device: DeviceChoice;
}

const within = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(v.number(), v.minValue(min), v.maxValue(max));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_SIDE));

const MapRequestSchema = v.pipe(
  v.object({
    picture: v.blob(),
    preprocessor: v.picklist(MAP_MAKERS),
    low: within(THRESHOLD_RANGE),
    high: within(THRESHOLD_RANGE),
    sigma: within(SIGMA_RANGE),
    width: side,
    height: side,
    model: v.nullable(v.pipe(v.string(), v.nonEmpty(), v.maxLength(500))),
    device: v.picklist(SETTINGS.device.choices),
  }),
  v.forward(
    v.check(({ preprocessor, model }) => needsDepth(preprocessor) === (model !== null), 'a model for depth'),
    ['model'],
  ),
);

/**
 * The one check of a request for a map on its way into the engine.
 * @throws AppError invalid-request, with the field, what it may hold and what it held
 */
export const parseMapRequest = (request: unknown): MapRequest => parseParams(MapRequestSchema, request);

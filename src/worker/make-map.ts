import type { Library } from '../hub/library.ts';
import { depthMap, normalMap } from '../image/depth-maps.ts';
import { drawMap } from '../image/draw-map.ts';
import { encodePng } from '../image/encode-png.ts';
import { fromGrey, type Picture } from '../image/picture.ts';
import { readForMap } from '../image/read-for-map.ts';
import { estimateDepth } from '../loaders/estimate-depth.ts';
import type { Calls } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import type { MapRequest } from '../protocol/map-request.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CallContext, readMessages } from './serve.ts';

/** Makes the map of a control layer. @param runtime null where plain code makes it */
export type MakeMap = (
  request: MapRequest,
  context: Pick<CallContext<'makeMap'>, 'signal'>,
  runtime: Runtime | null,
) => Promise<Calls['makeMap']['result']>;

/**
 * What it returns throws AppError unsupported-image, out-of-memory; `signal.reason`; for what needs a network also not-installed,
 * unsupported-model, wrong-numbers, device-lost.
 */
export const createMakeMap = (openLibrary: () => Promise<Library>): MakeMap => {
  const depthOf = async (picture: Picture, model: string, runtime: Runtime) => {
    const library = await openLibrary();
    const files = library.files(await library.installed(model));
    await library.touch(model);
    return estimateDepth(files, runtime, picture);
  };
  return async (request, { signal }, runtime) => {
    const { preprocessor, model } = request;
    const picture = await readForMap(request.picture, request);
    // A slider that is moved further stops what was begun for it.
    await readMessages();
    signal.throwIfAborted();
    if (preprocessor !== 'depth' && preprocessor !== 'normal')
      return { map: await encodePng(drawMap(picture, preprocessor, request), {}) };
    if (model === null || runtime === null) throw new AppError('bug', `${preprocessor} was given no model.`);
    const depth = await depthOf(picture, model, runtime);
    const map = preprocessor === 'depth' ? fromGrey(depthMap(depth)) : normalMap(depth);
    return { map: await encodePng(map, {}) };
  };
};

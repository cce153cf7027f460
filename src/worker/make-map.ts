import { drawMap } from '../image/draw-map.ts';
import { encodePng } from '../image/encode-png.ts';
import { readForMap } from '../image/read-for-map.ts';
import type { Calls } from '../protocol/calls.ts';
import type { MapRequest } from '../protocol/map-request.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type CallContext, readMessages } from './serve.ts';

/** Makes the map of a control layer. @param runtime null where plain code makes it */
export type MakeMap = (
  request: MapRequest,
  context: Pick<CallContext<'makeMap'>, 'signal'>,
  runtime: Runtime | null,
) => Promise<Calls['makeMap']['result']>;

/** What it returns throws AppError unsupported-image, out-of-memory; `signal.reason`. */
export const createMakeMap =
  (): MakeMap =>
  async (request, { signal }) => {
    const { preprocessor } = request;
    const picture = await readForMap(request.picture, request);
    // A slider that is moved further stops what was begun for it.
    await readMessages();
    signal.throwIfAborted();
    if (preprocessor === 'depth' || preprocessor === 'normal') throw new Error('Not yet.');
    return { map: await encodePng(drawMap(picture, preprocessor, request), {}) };
  };

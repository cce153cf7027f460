import { encodePng } from '../image/encode-png.ts';
import type { Picture } from '../image/picture.ts';
import { parametersText } from '../metadata/a1111/a1111.ts';
import { SAFELIGHT_KEYWORD, settingsJson } from '../metadata/safelight.ts';
import type { GenerationRequest, StoppedAt } from '../protocol/generation.ts';

/** A picture as a PNG with all its settings; `stopped` for one that is not finished. */
export const picturePng = (
  picture: Picture,
  request: GenerationRequest,
  seed: number,
  stopped: StoppedAt | null,
): Promise<Blob> =>
  encodePng(picture, {
    parameters: parametersText(request, seed, stopped),
    [SAFELIGHT_KEYWORD]: settingsJson(request, seed, stopped),
  });

import { useMemo } from 'react';
import { type GenerationRequest, REQUEST_DEFAULTS } from '../../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../../protocol/init-image.ts';
import { toFormRequest } from '../../state/form/form-request.ts';
import { picturePromptsOf } from '../../state/form/picture-prompts-store.ts';
import { expectedSeconds } from '../../state/jobs/speed-store.ts';
import {
  useControls,
  useInitImage,
  usePicturePrompts,
  useSettings,
  useSpeeds,
} from '../page/stores-context.ts';
import { durationText } from '../texts/bytes-text.ts';

/** A layer's model and map, which may not be chosen yet. */
const UNCHOSEN = { model: '', map: new Blob() };

/** The form's request as it stands; a field that holds no number yet is NaN. */
export function useFormRequest(): GenerationRequest {
  const fields = useSettings((settings) => settings.fields);
  const file = useInitImage((image) => image.file);
  const layers = useControls((controls) => controls.layers);
  const prompts = usePicturePrompts((all) => all.prompts);
  return useMemo(() => {
    const { fit, strength } = fields;
    return {
      ...REQUEST_DEFAULTS,
      ...toFormRequest(fields),
      image: file && { ...INIT_IMAGE_DEFAULTS, file, fit, strength: Number(strength) },
      controls: layers.filter(({ isOn }) => isOn).map((layer) => ({ ...layer, ...UNCHOSEN })),
      picturePrompts: picturePromptsOf(prompts),
    };
  }, [fields, file, layers, prompts]);
}

/** About how long these requests will take, “40 s”; null where that is unknown. */
export function useTime(requests: readonly GenerationRequest[]): string | null {
  const measured = useSpeeds((speeds) => speeds.measured);
  const seconds = requests.reduce<number | null>((sum, request) => {
    const more = expectedSeconds({ measured }, request);
    return sum === null || more === null ? null : sum + more;
  }, 0);
  return seconds !== null && seconds > 0 && Number.isFinite(seconds) ? durationText(seconds) : null;
}

import type { GenerationRequest } from '../../protocol/generation.ts';
import type { FormRequest } from '../form/form-request.ts';
import { initImageFile } from '../form/init-image-file.ts';
import type { Stores } from '../stores.ts';

/**
 * What the Generate button does: adds the form's request to the queue, with `change` applied to it. Where it refuses, the
 * settings' notes say which fields are wrong.
 */
export function generate(
  stores: Stores,
  change: Partial<Pick<FormRequest, 'numImages'>> = {},
): 'queued' | 'refused' {
  const form = stores.settings.getState().submit();
  if (!form) return 'refused';
  withFiles(stores, form, (request) =>
    stores.queue.getState().add({ ...request, ...change }, { kind: 'create' }),
  );
  return 'queued';
}

/** Completes the form's request with its files as they are now: at once, or as soon as its initial image is ready. */
export function withFiles(
  { settings, embeddings, initImage }: Stores,
  form: FormRequest,
  use: (request: GenerationRequest) => void,
): void {
  const { file, ...placement } = initImage.getState();
  const withoutImage = { ...form, memoryBytes: null, embeddings: embeddings.getState().embeddings };
  if (!file) {
    use({ ...withoutImage, image: null });
    return;
  }
  const { fields } = settings.getState();
  void initImageFile({ ...placement, file }, fields, form).then((image) => use({ ...withoutImage, image }));
}

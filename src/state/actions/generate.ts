import type { GenerationRequest } from '../../protocol/generation.ts';
import { calledWildcards, toWildcards } from '../../protocol/wildcards.ts';
import type { FormRequest } from '../form/form-request.ts';
import { initImageFile } from '../form/init-image-file.ts';
import { chosenStyles, withStyles } from '../form/styles.ts';
import type { Stores } from '../stores.ts';
import { promptedBy } from './prompted-by.ts';

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
  stores.prompts.getState().remember(form);
  void withFiles(stores, form, (request) =>
    stores.queue.getState().add({ ...request, ...change }, { kind: 'create' }),
  );
  return 'queued';
}

/** Completes the form's request with its files, as soon as those that are being read are there; not where a control layer
 * or a picture prompt is refused. */
export async function withFiles(
  stores: Stores,
  form: FormRequest,
  use: (request: GenerationRequest) => void,
): Promise<void> {
  const { settings, initImage, controls, picturePrompts } = stores;
  const { fields } = settings.getState();
  const [request] = await Promise.all([
    withoutImage(stores, form),
    ...[initImage, controls, picturePrompts].map((store) => store.getState().ready()),
  ]);
  const { layers } = controls.getState();
  const steered = layers.length === 0 ? [] : await (await import('./steered-by.ts')).steeredBy(stores);
  const prompted = steered && (await promptedBy(stores));
  if (!prompted) return;
  const { file, ...placement } = initImage.getState();
  const image = file && (await initImageFile({ ...placement, file }, fields, form));
  use({ ...request, image, controls: steered, picturePrompts: prompted });
}

/** The form's request with all that its texts call, and without pictures. */
export async function withoutImage(
  { settings, embeddings, wildcards, styles }: Stores,
  form: FormRequest,
): Promise<GenerationRequest> {
  const names = settings.getState().styles;
  await Promise.all([embeddings.getState().ready(), wildcards.getState().ready(), styles.getState().ready()]);
  const chosen = chosenStyles(styles.getState().items, names);
  const styled = withStyles(form, chosen);
  const { prompt, negativePrompt } = form;
  const template =
    chosen.length > 0 ? { prompt, negativePrompt, styles: chosen.map(({ name }) => name) } : null;
  return {
    ...styled,
    ...{ memoryBytes: null, template, image: null, controls: [], picturePrompts: [] },
    embeddings: embeddings.getState().embeddings,
    wildcards: calledWildcards(toWildcards(wildcards.getState().items), [
      styled.prompt,
      styled.negativePrompt,
    ]),
  };
}

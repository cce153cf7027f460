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
  const { settings, embeddings, wildcards, styles, initImage, controls, picturePrompts } = stores;
  const { fields, styles: names } = settings.getState();
  await Promise.all([
    embeddings.getState().ready(),
    wildcards.getState().ready(),
    styles.getState().ready(),
    initImage.getState().ready(),
    controls.getState().ready(),
    picturePrompts.getState().ready(),
  ]);
  const { layers } = controls.getState();
  const steered = layers.length === 0 ? [] : await (await import('./steered-by.ts')).steeredBy(stores);
  const prompted = steered && (await promptedBy(stores));
  if (!prompted) return;
  const { file, ...placement } = initImage.getState();
  const chosen = chosenStyles(styles.getState().items, names);
  const styled = withStyles(form, chosen);
  const { prompt, negativePrompt } = form;
  const template =
    chosen.length > 0 ? { prompt, negativePrompt, styles: chosen.map(({ name }) => name) } : null;
  const withoutImage = {
    ...styled,
    ...{ memoryBytes: null, template, controls: steered, picturePrompts: prompted },
    embeddings: embeddings.getState().embeddings,
    wildcards: calledWildcards(toWildcards(wildcards.getState().items), [
      styled.prompt,
      styled.negativePrompt,
    ]),
  };
  const image = file && (await initImageFile({ ...placement, file }, fields, form));
  use({ ...withoutImage, image });
}

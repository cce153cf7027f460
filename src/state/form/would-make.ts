import { steeringSettings } from '../../protocol/control.ts';
import type { GenerationRequest, PaintedTexts, Template } from '../../protocol/generation.ts';
import { PLAIN_NAMES, settingOf, TEXT_NAMES, type TextName } from '../../protocol/settings.ts';
import type { Fields } from './fields.ts';
import { toFormRequest } from './form-request.ts';
import type { InitImageState } from './init-image-store.ts';
import { type LinkedSteering, steeringParameters } from './steering-link.ts';

/** What changes a picture, but for its seed. */
const COMPARED = PLAIN_NAMES.filter(
  (name) => name !== 'seed' && settingOf(name).kind !== 'text' && !settingOf(name).isLocal,
);
const OF_IMAGE = ['strength', 'fit'] as const;

/** Pictures of a request. */
interface Made {
  readonly request: GenerationRequest;
  readonly seeds: readonly number[];
  /** What they were painted with, as far as that is known. */
  readonly texts?: readonly (PaintedTexts | null)[];
}

/** Whether the form as it stands, with what it starts from and what steers, would make a picture of this request, of one of these seeds. */
export function wouldMake(
  { fields, styles }: { readonly fields: Fields; readonly styles: readonly string[] },
  start: Pick<InitImageState, 'file' | 'mask'> & Partial<LinkedSteering>,
  { request, seeds, texts = [] }: Made,
): boolean {
  const form = toFormRequest(fields);
  if (!seeds.includes(form.seed) || COMPARED.some((name) => form[name] !== request[name])) return false;
  // The texts as they are, or what they were chosen from.
  const isOf = (one: Pick<Template, TextName> | null, of: readonly string[] = []) =>
    TEXT_NAMES.every((name) => form[name] === one?.[name]) && styles.join('\n') === of.join('\n');
  const isPainted = [request, ...texts].some((one) => isOf(one));
  if (!isPainted && !isOf(request.template, request.template?.styles)) return false;
  if (JSON.stringify(form.hires) !== JSON.stringify(request.hires)) return false;
  // Whose pictures these are is not compared.
  const [steers, steered] = [start, steeringSettings(request)].map(steeringParameters);
  if (String(steers) !== String(steered)) return false;
  const { image } = request;
  // One out of storage is another Blob.
  if (start.file?.size !== image?.file.size) return false;
  if (!image) return true;
  const isSame = OF_IMAGE.every((name) => String(image[name]) === fields[name]);
  return isSame && (start.mask === null) === (image.mask === null);
}

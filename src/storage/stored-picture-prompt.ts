import * as v from 'valibot';
import type { ModelId } from '../catalog/models.ts';
import type { PicturePrompt } from '../protocol/control.ts';
import { MOST_PICTURES, PicturePromptSchema } from '../protocol/request.ts';

/** A picture prompt as the form has it. */
export interface StoredPicturePrompt extends Omit<PicturePrompt, 'adapter'> {
  /** Its own among the picture prompts. */
  readonly id: string;
  /** Null while none is chosen. */
  readonly adapter: ModelId | null;
  /** None while none is chosen. */
  readonly pictures: readonly Blob[];
  /** Whether it counts in a run. */
  readonly isOn: boolean;
}

const { adapter, scale, parts } = PicturePromptSchema.entries;

/** What is taken for a stored picture prompt. */
export const StoredPicturePromptSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  adapter: v.nullable(adapter),
  pictures: v.pipe(v.array(v.blob()), v.maxLength(MOST_PICTURES)),
  ...{ scale, parts },
  isOn: v.boolean(),
});

import type { ModelId } from '../../catalog/models.ts';
import type { ControlSettings, PicturePromptSettings } from '../../protocol/control.ts';
import type { EntryType, InstalledModel } from '../../protocol/models.ts';
import type { RequestSettings } from '../../protocol/picture-settings.ts';
import { namedModel } from './named-model.ts';

/** A model that steers, and that is not on this device. */
export interface SteeringNotHere {
  readonly kind: 'not-here';
  readonly field: 'controlModel' | 'ipAdapter';
  readonly name: string;
}

/** What would steer, in the order of the file, with models of this device: null for one that is not here. */
export interface OfferedSteering {
  readonly controls: readonly (Omit<ControlSettings, 'model'> & { readonly model: ModelId | null })[];
  readonly picturePrompts: readonly (Omit<PicturePromptSettings, 'adapter'> & {
    readonly adapter: ModelId | null;
  })[];
}

/** A file's layers and picture prompts as the form would hold them, but for their pictures; a note for each model that is not here. */
export function offeredSteering(
  { controls = [], picturePrompts = [] }: Pick<RequestSettings, 'controls' | 'picturePrompts'>,
  installed: readonly InstalledModel[] | null,
): OfferedSteering & { readonly notes: readonly SteeringNotHere[] } {
  const notes: SteeringNotHere[] = [];
  const find = (name: string, of: EntryType, field: SteeringNotHere['field']) => {
    const found = namedModel(name, installed, ({ type }) => type === of);
    if (found === null) notes.push({ kind: 'not-here', field, name });
    return found;
  };
  return {
    controls: controls.map((layer) => ({ ...layer, model: find(layer.model, 'control', 'controlModel') })),
    picturePrompts: picturePrompts.map((prompt) => ({
      ...prompt,
      adapter: find(prompt.adapter, 'ip_adapter', 'ipAdapter'),
    })),
    notes,
  };
}

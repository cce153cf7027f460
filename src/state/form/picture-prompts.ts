import type { ModelId } from '../../catalog/models.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';

/** What keeps a picture prompt from a run. `not-prompted`: there is no IP-Adapter for the form's model, as for Trinket. */
export type PicturePromptFault =
  | 'no-picture'
  | 'not-prompted'
  | 'no-adapter'
  | 'adapter-gone'
  | 'other-family';

/** The form's model, and what is on this device; null until that is known. */
export interface PromptWorld {
  readonly model: ModelId;
  readonly installed: readonly InstalledModel[] | null;
}

/** IP-Adapters that are wholly here, and fit the form's model as far as its family tells. */
export function fittingAdapters({ model, installed }: PromptWorld): readonly InstalledModel[] {
  const family = installed?.find(({ id }) => id === model)?.family;
  return (
    installed?.filter((other) => other.type === 'ip_adapter' && other.complete && other.family === family) ??
    []
  );
}

/** Why a picture prompt cannot be used as it is; null where it can. */
export function picturePromptFault(
  { pictures, adapter }: StoredPicturePrompt,
  { model, installed }: PromptWorld,
): PicturePromptFault | null {
  if (pictures.length === 0) return 'no-picture';
  if (installed === null) return adapter === null ? 'no-adapter' : null;
  const form = installed.find(({ id }) => id === model);
  if (!form || form.family === 'own') return 'not-prompted';
  if (adapter === null) return 'no-adapter';
  const own = installed.find(({ id, complete }) => id === adapter && complete);
  if (own?.type !== 'ip_adapter') return 'adapter-gone';
  return own.family === form.family ? null : 'other-family';
}

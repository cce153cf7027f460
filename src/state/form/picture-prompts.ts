import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';
import {
  fitting,
  formModel,
  isForModel,
  type SteeringWorld,
  type UnsteeredReason,
  unsteeredReason,
} from './steering-world.ts';

/** What keeps a picture prompt from a run. `with-gate`: T-GATE would take over what the texts alone gave. */
export type PicturePromptFault =
  | UnsteeredReason
  | 'no-picture'
  | 'no-adapter'
  | 'adapter-gone'
  | 'other-family'
  | 'with-gate'
  | 'too-many';

/** IP-Adapters that can show the form's model pictures. */
export const fittingAdapters = (world: SteeringWorld) => fitting('ip_adapter', world);

/** Why a picture prompt cannot be used as it is; null where it can. */
export function picturePromptFault(
  { pictures, adapter }: StoredPicturePrompt,
  world: SteeringWorld,
): PicturePromptFault | null {
  const unsteered = unsteeredReason(world);
  if (unsteered) return unsteered;
  if (pictures.length === 0) return 'no-picture';
  if (adapter === null) return 'no-adapter';
  const { installed, fields } = world;
  if (installed !== null) {
    const own = installed.find(({ id, complete }) => id === adapter && complete);
    if (own?.type !== 'ip_adapter') return 'adapter-gone';
    const form = formModel(world);
    if (form && !isForModel(own, form)) return 'other-family';
  }
  return Number(fields.gateStep) > 0 ? 'with-gate' : null;
}

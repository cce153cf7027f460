import type { SettingsNote } from '../../protocol/picture-settings.ts';

/** Notes that a picture was steered by pictures that are not inside its file. */
export function steeringNotes(said: {
  readonly controls?: unknown;
  readonly picturePrompts?: unknown;
}): readonly SettingsNote[] {
  const count = (list: unknown) => (Array.isArray(list) ? list.length : 0);
  const [layers, prompts] = [count(said.controls), count(said.picturePrompts)];
  return layers + prompts > 0 ? [{ kind: 'steered-by-pictures', layers, prompts }] : [];
}

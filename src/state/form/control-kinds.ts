import type { Preprocessor } from '../../protocol/control.ts';
import {
  CONTROL_PURPOSES,
  type ControlFacts,
  type ControlPurpose,
  UNION_PURPOSES,
} from '../../protocol/control-facts.ts';
import type { StoredControl } from '../../storage/stored-control.ts';

/** A kind of map that a control model can be given. */
export interface ControlKind {
  readonly purpose: ControlPurpose;
  /** What makes such a map of a picture; `none` where nothing does, or the model reads pictures as they are. */
  readonly preprocessor: Preprocessor;
  readonly controlMode: number | null;
}

/** The kinds of maps that a model is known to read: one for most, several for a Union, none where nothing tells. */
export function controlKinds(facts: ControlFacts | undefined): readonly ControlKind[] {
  if (!facts) return [];
  const kind = (purpose: ControlPurpose, controlMode: number | null): ControlKind => ({
    purpose,
    preprocessor: CONTROL_PURPOSES[purpose],
    controlMode,
  });
  if (facts.controlModes > 0)
    return UNION_PURPOSES.slice(0, facts.controlModes).flatMap((purposes, mode) =>
      purposes.map((purpose) => kind(purpose, mode)),
    );
  return facts.purpose ? [kind(facts.purpose, null)] : [];
}

/** Which of them a layer has: where its picture is a map already, the first of its mode. None where a Union has no such mode. */
export function kindOf(
  { preprocessor, controlMode }: Pick<StoredControl, 'preprocessor' | 'controlMode'>,
  kinds: readonly ControlKind[],
): ControlKind | undefined {
  const only = kinds.length === 1 ? kinds[0] : undefined;
  const ofMode = kinds.filter((kind) => kind.controlMode === controlMode);
  return ofMode.find((kind) => kind.preprocessor === preprocessor) ?? ofMode[0] ?? only;
}

/**
 * What a layer becomes with another model: its kind is that model's. A picture that was said to be a map already stays one.
 * @param before the facts of the model that it had
 */
export function withModel(
  layer: Pick<StoredControl, 'model' | 'preprocessor' | 'controlMode'>,
  model: string,
  facts: ControlFacts | undefined,
  before?: ControlFacts,
): Pick<StoredControl, 'model' | 'preprocessor' | 'controlMode'> {
  const kinds = controlKinds(facts);
  const [first] = kinds;
  if (!first) return { model, preprocessor: layer.preprocessor, controlMode: null };
  const { preprocessor, controlMode } =
    kinds.find((kind) => kind.preprocessor === layer.preprocessor) ?? first;
  const made = kindOf(layer, controlKinds(before))?.preprocessor ?? 'none';
  const isMap = made !== 'none' && layer.preprocessor === 'none';
  return { model, preprocessor: isMap ? 'none' : preprocessor, controlMode };
}

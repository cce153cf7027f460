import { bundledModel } from '../../catalog/models.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { MOST_STEERING } from '../../protocol/request.ts';
import type { Fields } from './fields.ts';

/** What of the form decides whether something can steer it, and what is on this device; null until that is known. */
export interface SteeringWorld {
  readonly fields: Pick<Fields, 'model' | 'cacheInterval' | 'gateStep'>;
  readonly installed: readonly InstalledModel[] | null;
}

/** Why nothing steers a model: nothing was made for its kind, as for Trinket's, or its graphs are fixed, as in ONNX. */
export type UnsteeredReason = 'not-steered' | 'fixed-graph';

/** Why nothing steers the form's model; null where something may, or where the model is not on this device, which the run says. */
export function unsteeredReason(world: SteeringWorld): UnsteeredReason | null {
  if (bundledModel(world.fields.model)) return 'not-steered';
  const form = formModel(world);
  if (!form) return null;
  if (form.family === 'own') return 'not-steered';
  return form.files.some(({ path }) => path.endsWith('.onnx')) ? 'fixed-graph' : null;
}

/** The entry of the form's model; undefined where it is not on this device. */
export const formModel = ({ fields, installed }: SteeringWorld): InstalledModel | undefined =>
  installed?.find(({ id }) => id === fields.model);

/** Whether what steers was made for a model's kind, as far as is known of both before they are opened. */
export function isForModel({ type, family, control }: InstalledModel, model: InstalledModel): boolean {
  if (family !== model.family) return false;
  // An IP-Adapter's family is told by the texts that it stands beside.
  const own = control?.base ?? (type === 'ip_adapter' ? family : undefined);
  const base = model.facts?.base;
  // An adapter meets no texts.
  return own === undefined || base === undefined || own === base || control?.kind === 'T2I-Adapter';
}

/** Whether this is one too many of those that are on. */
export const isOneTooMany = (
  { id }: { readonly id: string },
  all: readonly { readonly id: string; readonly isOn: boolean }[],
): boolean => all.filter(({ isOn }) => isOn).findIndex((one) => one.id === id) >= MOST_STEERING;

/** What of this type is wholly here, and fits the form's model as far as is known. */
export function fitting(type: 'control' | 'ip_adapter', world: SteeringWorld): readonly InstalledModel[] {
  const form = formModel(world);
  if (!form || unsteeredReason(world)) return [];
  return (world.installed ?? []).filter(
    (other) => other.type === type && other.complete && isForModel(other, form),
  );
}

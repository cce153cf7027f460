import { elementCount } from '../../numerics/tensor.ts';
import { AppError, type LoraFault } from '../../protocol/errors.ts';
import { isFloat } from '../floats.ts';
import { readValues, type StoredTensor } from '../weights.ts';
import type { Factor } from './change.ts';
import type { LoraPlace } from './places.ts';

/** A part of a module of a LoRA file: its whole key, and its tensor. */
export interface LoraPart {
  readonly key: string;
  readonly tensor: StoredTensor;
}

/** A module of a LoRA file, and the place in the model that it is to change. */
export interface LoraModule {
  /** The LoRA's name. */
  readonly lora: string;
  readonly parts: ReadonlyMap<string, LoraPart>;
  readonly place: LoraPlace;
  /** The parts that are single numbers, by name: `alpha`, `on_input`. */
  readonly numbers: ReadonlyMap<string, number>;
  /** The factor of a change of this rank: alpha / rank. @param rank undefined where the tensors do not tell it */
  readonly scaleOf: (rank: number | undefined) => number;
}

/** Whether the module has any of these parts. */
export const has = ({ parts }: LoraModule, ...names: readonly string[]) =>
  names.some((name) => parts.has(name));

/** The key of the first of these parts that the module has. */
export const keyOf = ({ parts }: LoraModule, ...names: readonly string[]) =>
  parts.get(names.find((name) => parts.has(name)) ?? '')?.key ?? '';

/**
 * A part's numbers.
 * @throws AppError unsupported-lora when it is missing, or no floating-point numbers
 */
export function factor(module: LoraModule, name: string): Factor {
  const part = module.parts.get(name);
  if (!part) throw incomplete(module.lora, module.parts);
  const { dtype, shape } = part.tensor;
  if (!isFloat(dtype))
    throw unsupported(
      { kind: 'lora-damaged', lora: module.lora, key: part.key },
      `contains ${part.key} as ${dtype}; expected floating-point numbers`,
    );
  return { shape, read: () => readValues(part.tensor) };
}

/**
 * Checks that what a module makes fits the tensor it is for.
 * @param key what to name where it does not
 * @throws AppError unsupported-lora: the file was made for another kind of model
 */
export function fits({ lora, place }: LoraModule, key: string, rows: number, columns: number): void {
  const { weight, shape } = place;
  const [out = 1, ...rest] = shape;
  if (rows !== out || columns !== elementCount(rest))
    throw otherModel(lora, key, `${key} is for [${rows}, ${columns}], and ${weight} is [${shape}] here`);
}

/** For a module of which a part is missing. */
export function incomplete(lora: string, parts: ReadonlyMap<string, LoraPart>): AppError {
  const [first] = parts.values();
  const key = first?.key ?? '';
  return unsupported({ kind: 'lora-damaged', lora, key }, `is incomplete: ${key} has no partner`);
}

/** For parts whose shapes contradict each other. */
export function damaged(module: LoraModule, ...names: readonly string[]): AppError {
  const found = names.flatMap((name) => module.parts.get(name) ?? []);
  const key = found[0]?.key ?? '';
  const shapes = found.map(({ key, tensor }) => `${key} is [${tensor.shape}]`).join(', ');
  return unsupported({ kind: 'lora-damaged', lora: module.lora, key }, `is damaged: ${shapes}`);
}

/** @param evidence the rest of a sentence */
export function otherModel(lora: string, key: string, evidence: string): AppError {
  const fault = { kind: 'lora-of-other-model', lora, key } as const;
  return unsupported(fault, `was made for another kind of model: ${evidence}`);
}

/** Whether an error says that a LoRA was made for another kind of model. */
export const isOfOtherModel = (error: unknown) =>
  error instanceof AppError && error.details.kind === 'lora-of-other-model';

/** @param problem the rest of a sentence that begins with the file's name */
export function unsupported(fault: LoraFault, problem: string): AppError {
  return new AppError('unsupported-lora', `${fault.lora} ${problem}.`, fault);
}

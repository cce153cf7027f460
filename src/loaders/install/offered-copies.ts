import { planCopy } from '../../checkpoint/gguf/copy-plan.ts';
import { recordingWeights, type TensorShapes } from '../../checkpoint/recording-weights.ts';
import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import { elementCount } from '../../numerics/tensor.ts';
import {
  COPY_BITS,
  type CopyBits,
  isCopiable,
  type OfferedCopy,
  type RepoFile,
} from '../../protocol/models.ts';
import { componentClass } from '../component-classes.ts';
import { readModelIndex } from '../repository-layout.ts';

/** The copies of a checkpoint in one file, from its header. None where it is quantised already. */
export function copiesOfFile(file: RepoFile, tensors: Tensors): OfferedCopy[] {
  if (!isCopiable(file, [file])) return [];
  return COPY_BITS.flatMap((bits) => {
    const plan = planCopy(tensors, bits);
    return plan ? [{ bits, bytes: plan.size }] : [];
  });
}

/**
 * The copies of a repository's model: what its configurations say of its tensors is enough, no header is asked for.
 * @param index what model_index.json says
 * @param config reads a component's config.json
 */
export async function copiesOfRepository(
  files: readonly RepoFile[],
  index: unknown,
  config: (path: string) => Promise<unknown>,
): Promise<OfferedCopy[]> {
  const { classes } = readModelIndex(index);
  const copiable = files.filter((file) => isCopiable(file, files));
  const folders = [...new Set(copiable.map(({ path }) => path.slice(0, path.indexOf('/'))))];
  if (folders.length === 0) return [];
  const components = await Promise.all(
    folders.map(async (folder) => ({
      shapes: shapesOf(folder, classes[folder], await config(`${folder}/config.json`)),
      stored: sum(copiable.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ size }) => size)),
    })),
  );
  const kept = sum(files.filter((file) => !copiable.includes(file)).map(({ size }) => size));
  return COPY_BITS.map((bits) => {
    const copies = components.map(({ shapes, stored }) => copyBytes(shapes, stored, bits));
    return { bits, bytes: copies.every((bytes) => bytes !== null) ? kept + sum(copies) : null };
  });
}

function shapesOf(name: string, className: string | undefined, config: unknown): TensorShapes {
  const shapes: TensorShapes = new Map();
  componentClass(className)?.read(name, config)(recordingWeights(shapes));
  return shapes;
}

/** What so many bytes a number are stored as. */
const DTYPES: Readonly<Record<number, string>> = { 1: 'F8_E4M3', 2: 'F16', 4: 'F32' };

/** @param stored bytes of the weights as they are: what of them are not numbers is little */
function copyBytes(shapes: TensorShapes, stored: number, bits: CopyBits): number | null {
  const width = stored / sum([...shapes.values()].map(elementCount));
  const dtype = Math.abs(width / Math.round(width) - 1) < 0.04 ? DTYPES[Math.round(width)] : undefined;
  if (dtype === undefined) return null;
  const tensor = (shape: readonly number[]): StoredTensor => {
    const length = Math.round(width) * elementCount(shape);
    return { dtype, shape, offset: 0, length, path: '', blob: new Blob() };
  };
  return (
    planCopy(
      [...shapes].map(([name, shape]) => [name, tensor(shape)]),
      bits,
    )?.size ?? null
  );
}

const sum = (numbers: readonly (number | null)[]) => numbers.reduce<number>((all, n) => all + (n ?? 0), 0);

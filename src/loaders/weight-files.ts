import * as v from 'valibot';
import { readTensors, type Tensors } from '../checkpoint/weights.ts';
import type { ByteSource } from '../graph/byte-source.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { isRepoPath } from '../hub/repo-path.ts';
import { unsupportedModel } from '../protocol/errors.ts';
import { copyPath } from '../protocol/models.ts';
import { weightStem } from './repository-layout.ts';

/** What follows a file's stem in the name of the index of its shards: in full precision, in half, and in half as it once was. */
export const SHARD_INDEXES = [
  'safetensors.index.json',
  'safetensors.index.fp16.json',
  'safetensors.fp16.index.json',
] as const;

/** Files of weights, of which only what is asked for need be here. */
export type WeightFiles = Pick<ModelFiles, 'has' | 'json'> & { file(path: string): Promise<ByteSource> };

const ShardIndex = v.object({ weight_map: v.record(v.string(), v.string()) });

/**
 * The tensors of one component: from a single file, in full, in half precision or as a copy in fewer bits, or from the shards that an index lists, each as it is or as a copy.
 * @param folder with its slash; empty where the component is a repository by itself
 * @throws AppError unsupported-model when there is no such file; download-failed, corrupt-file
 */
export async function readWeightFiles(
  files: WeightFiles,
  component: string,
  folder = `${component}/`,
): Promise<Tensors> {
  const name = weightStem(component);
  const stem = folder + name;
  for (const path of ['safetensors', 'fp16.safetensors', 'gguf', 'fp16.gguf'].map((end) => `${stem}.${end}`))
    if (files.has(path)) return readTensors(path, await files.file(path));
  for (const index of SHARD_INDEXES)
    if (files.has(`${stem}.${index}`)) return readShards(files, `${stem}.${index}`);
  throw unsupportedModel('missing-part', component, `${name}.safetensors`, 'no weights');
}

async function readShards(files: WeightFiles, path: string): Promise<Tensors> {
  const index = v.safeParse(ShardIndex, await files.json(path));
  if (!index.success) throw unsupportedModel('missing-part', path, 'weight_map', 'something else');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const map = index.output.weight_map;
  const shards = new Map<string, Tensors>();
  const copies = new Set<string>();
  for (const shard of new Set(Object.values(map))) {
    if (!isRepoPath(shard)) throw unsupportedModel('missing-part', path, 'names of files beside it', shard);
    const copy = copyPath(folder + shard);
    const isCopy = files.has(copy) && !files.has(folder + shard);
    if (isCopy) copies.add(shard);
    else if (!files.has(folder + shard)) throw unsupportedModel('missing-part', path, shard, 'no such file');
    const stored = isCopy ? copy : folder + shard;
    shards.set(shard, await readTensors(stored, await files.file(stored)));
  }
  return new Map(
    Object.entries(map).flatMap(([name, shard]) => {
      const tensor = shards.get(shard)?.get(name);
      if (tensor) return [[name, tensor] as const];
      // A copy leaves out what are no floating-point numbers.
      if (copies.has(shard)) return [];
      throw unsupportedModel('missing-part', folder + shard, name, 'no such tensor');
    }),
  );
}

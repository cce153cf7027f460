import type { ModelId } from '../../catalog/models.ts';
import type { Library } from '../../hub/library.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import { type ControlFile, readControlFile, readControlRepository } from './control-file.ts';

/**
 * The ControlNets and T2I-Adapters of a run, in its order; of each only the header is read, once.
 * @throws AppError unsupported-control for one that is not on this device, or is none; unsupported-model, corrupt-file, no-storage
 */
export async function findControls(
  openLibrary: () => Promise<Library>,
  ids: readonly ModelId[],
): Promise<ControlFile[]> {
  if (ids.length === 0) return [];
  const library = await openLibrary();
  const read = new Map<ModelId, ControlFile>();
  for (const id of new Set(ids)) read.set(id, await findControl(library, id));
  return ids.map((id) => read.get(id) as ControlFile);
}

async function findControl(library: Library, id: ModelId): Promise<ControlFile> {
  const row = await library.installed(id).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'not-installed') throw error;
    throw unsupported('control-absent', id, error);
  });
  if (row.type !== 'control') throw unsupported('no-control-model', row.label);
  await library.touch(id);
  const files = library.files(row);
  const named = { name: row.label, hash: row.files.map(({ oid }) => oid).join() };
  const [only, ...others] = row.files;
  if (!only || others.length > 0) return readControlRepository(named, files);
  return readControlFile(named, await files.file(only.path));
}

function unsupported(
  kind: 'control-absent' | 'no-control-model',
  control: string,
  cause?: AppError,
): AppError {
  const details = { kind, control } satisfies Fault;
  return new AppError('unsupported-control', `${control}: ${kind}.`, details, { cause });
}

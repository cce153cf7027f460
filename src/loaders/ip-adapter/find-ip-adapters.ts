import type { ModelId } from '../../catalog/models.ts';
import type { Library } from '../../hub/library.ts';
import { CLIPVisionConfig } from '../../models/clip-vision.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { InstalledModel, RepoFile } from '../../protocol/models.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { ENCODER_FILES, readImageEncoder } from './image-encoders.ts';
import {
  type ImageEncoder,
  type IpAdapterFile,
  isEncoderOf,
  noImageEncoder,
  readIpAdapter,
} from './ip-adapter-file.ts';

/** An IP-Adapter on this device, and an image encoder that goes with it. */
export interface FoundIpAdapter {
  readonly file: IpAdapterFile;
  readonly encoder: ImageEncoder;
}

/**
 * The IP-Adapters of a run, in its order; of each only headers are read, once. One without an encoder of its own, such as a file from disk,
 * has that of another one on this device.
 * @throws AppError unsupported-ip-adapter for one that is not on this device, is none, or has no encoder; unsupported-model, corrupt-file,
 * no-storage
 */
export async function findIpAdapters(
  openLibrary: () => Promise<Library>,
  ids: readonly ModelId[],
): Promise<FoundIpAdapter[]> {
  if (ids.length === 0) return [];
  const library = await openLibrary();
  const found = new Map<ModelId, FoundIpAdapter>();
  for (const id of new Set(ids)) found.set(id, await findIpAdapter(library, id));
  return ids.map((id) => found.get(id) as FoundIpAdapter);
}

async function findIpAdapter(library: Library, id: ModelId): Promise<FoundIpAdapter> {
  const row = await library.installed(id).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'not-installed') throw error;
    throw unsupported('ip-adapter-absent', id, error);
  });
  const [own] = row.files;
  if (row.type !== 'ip_adapter' || !own) throw unsupported('no-ip-adapter', row.label);
  await library.touch(id);
  const named = { name: row.label, hash: own.oid };
  const file = await readIpAdapter(named, await library.files(row).file(own.path));
  const others = (await library.list()).filter((other) => other.type === 'ip_adapter' && other.complete);
  for (const { files } of [row, ...others]) {
    const encoder = await encoderIn(library, files, file);
    if (encoder) return { file, encoder };
  }
  throw noImageEncoder(row.label);
}

/** The encoder among an adapter's files, if this one reads what it gives. */
async function encoderIn(
  library: Library,
  files: readonly RepoFile[],
  { projection }: IpAdapterFile,
): Promise<ImageEncoder | undefined> {
  const folder = encoderFolder(files);
  const weights = files.find(({ path }) => path === `${folder}${ENCODER_FILES.weights}`);
  if (folder === undefined || !weights) return undefined;
  const own = library.files({ files } as Pick<InstalledModel, 'files'>);
  const json = await own.json(folder + ENCODER_FILES.config);
  if (!isEncoderOf(projection, parseConfig('image_encoder', CLIPVisionConfig, json))) return undefined;
  return readImageEncoder(weights.oid, own, folder);
}

/** The folder of the encoder among an adapter's files, with its slash; undefined where there is none. */
const encoderFolder = (files: readonly RepoFile[]): string | undefined =>
  files
    .find(({ path }) => path === ENCODER_FILES.config || path.endsWith(`/${ENCODER_FILES.config}`))
    ?.path.slice(0, -ENCODER_FILES.config.length);

function unsupported(
  kind: 'ip-adapter-absent' | 'no-ip-adapter',
  adapter: string,
  cause?: AppError,
): AppError {
  const details = { kind, adapter } satisfies Fault;
  return new AppError('unsupported-ip-adapter', `${adapter}: ${kind}.`, details, { cause });
}

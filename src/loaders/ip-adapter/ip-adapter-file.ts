import { readTensors, type Tensors } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import type { CLIPVisionConfig } from '../../models/clip-vision.ts';
import type { ImageProjection } from '../../models/image-projection.ts';
import { AppError, type Fault } from '../../protocol/errors.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { imageProjectionOf } from './image-projection-of.ts';

/** An IP-Adapter whose header has been read, for whichever model it fits. */
export interface IpAdapterFile {
  readonly name: string;
  /** Tells its content from any other's. */
  readonly hash: string;
  readonly tensors: Tensors;
  readonly projection: ImageProjection;
}

/** The image encoder that goes with an IP-Adapter: CLIPVisionModelWithProjection. */
export interface ImageEncoder {
  /** Tells its content from any other's. */
  readonly hash: string;
  readonly config: CLIPVisionConfig;
  readonly tensors: Tensors;
}

const IP_ADAPTER = /^(image_proj|ip_adapter)\./;

/** Whether a file with these keys is an IP-Adapter, of a kind that is run or not. */
export const isIpAdapter = (keys: Iterable<string>): boolean => [...keys].some((key) => IP_ADAPTER.test(key));

/**
 * An IP-Adapter in a .safetensors file; only the header is read.
 * @throws AppError unsupported-ip-adapter for another kind of file, and for one that needs a face model; corrupt-file
 */
export async function readIpAdapter(
  named: Pick<IpAdapterFile, 'name' | 'hash'>,
  file: ByteSource,
): Promise<IpAdapterFile> {
  const tensors = await readTensors(named.name, file);
  return { ...named, tensors, projection: imageProjectionOf(named.name, tensors) };
}

/** SDXL's texts are so wide, and no others. */
const XL_TEXT_WIDTH = 2048;

/** What is stored of an IP-Adapter: what it is, and which models it may fit. @throws AppError as `readIpAdapter` */
export async function describeIpAdapter(
  named: Pick<IpAdapterFile, 'name' | 'hash'>,
  file: ByteSource,
): Promise<Pick<InstalledModel, 'type' | 'family'>> {
  const { projection } = await readIpAdapter(named, file);
  return { type: 'ip_adapter', family: projection.textWidth === XL_TEXT_WIDTH ? 'sdxl' : 'sd1' };
}

/** Whether an encoder gives what an adapter's projection reads. */
export const isEncoderOf = (
  { kind, inputWidth }: ImageProjection,
  { projection_dim, hidden_size }: Pick<CLIPVisionConfig, 'projection_dim' | 'hidden_size'>,
): boolean => inputWidth === (kind === 'plain' ? projection_dim : hidden_size);

/** For an adapter that none of the encoders at hand was trained with. */
export function noImageEncoder(adapter: string): AppError {
  const details = { kind: 'no-image-encoder', adapter } satisfies Fault;
  return new AppError('unsupported-ip-adapter', `${adapter} has no image encoder.`, details);
}

import { readTensors } from '../../checkpoint/weights.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import type { InstalledModel, LatentSpace } from '../../protocol/models.ts';
import { type ModelSource, withComponent } from '../model-source.ts';
import { INDEX_FILE, readModelIndex } from '../repository-layout.ts';
import { type LoneComponent, readLoneComponent } from './lone-component.ts';

/**
 * The component that an entry's only file holds.
 * @returns null for an entry with other files, as a repository's config.json, and for a whole model
 * @throws AppError unsupported-model, corrupt-file
 */
export async function openLoneComponent(
  { type, files: [only, ...others] }: Pick<InstalledModel, 'type' | 'files'>,
  files: Pick<ModelFiles, 'file'>,
): Promise<LoneComponent | null> {
  if ((type !== 'unet' && type !== 'text_encoder') || !only || others.length > 0) return null;
  return readLoneComponent(only.path, await readTensors(only.path, await files.file(only.path)));
}

/** The models that it fits: those of one family, or all (null). */
export function latentSpaceOfLone({ component, config }: LoneComponent): LatentSpace | null {
  if (component === 'text_encoder') return null;
  return component === 'text_encoder_2' || config.addition_embed_type === 'text_time' ? 'sdxl' : 'sd1';
}

/** Keys of a UNet's config.json that its tensors do not tell: they are those of the model that it goes into. */
const UNTOLD = ['sample_size', 'addition_time_embed_dim'];

/**
 * The same model with a component that is alone in a file, in the place of its own of that name.
 * @throws AppError unsupported-model where the model has none of that name
 */
export async function withLoneComponent(source: ModelSource, lone: LoneComponent): Promise<ModelSource> {
  const { classes } = readModelIndex(await source.files.json(INDEX_FILE));
  const { component } = lone;
  if (component === 'text_encoder_2' && classes[component] === undefined) {
    const details = { kind: 'no-second-encoder' } satisfies Fault;
    throw new AppError('unsupported-model', `The model has no ${component}.`, details);
  }
  return withComponent(source, component, donorOf(lone, source));
}

function donorOf(lone: LoneComponent, into: ModelSource): ModelSource {
  const { component, className, tensors } = lone;
  const path = `${component}/config.json`;
  const absent = (name: string) => unsupportedModel('missing-part', component, name, 'no such part');
  const config = async () => {
    const own = (await into.files.json(path)) as Readonly<Record<string, unknown>>;
    const untold = UNTOLD.flatMap((key) => (own[key] === undefined ? [] : [[key, own[key]] as const]));
    return { ...lone.config, ...Object.fromEntries(untold) };
  };
  return {
    files: {
      has: (name) => name === path,
      file: async (name) => {
        throw absent(name);
      },
      json: async (name) => {
        if (name === INDEX_FILE) return { [component]: ['', className] };
        if (name === path) return config();
        throw absent(name);
      },
    },
    tensors: async (name) => {
      if (name !== component) throw absent(name);
      return tensors;
    },
    graphs: () => undefined,
    quantized: async () => undefined,
  };
}

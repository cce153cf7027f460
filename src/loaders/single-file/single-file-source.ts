import { readTensors, type Tensors } from '../../checkpoint/weights.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { Prediction } from '../../protocol/models.ts';
import { clipVocabulary } from '../../tokenizer/clip-vocabulary.ts';
import type { ModelSource } from '../model-source.ts';
import { readSingleFile } from './single-file.ts';

/** A single-file checkpoint, and what had to be assumed about it. */
export interface SingleFileSource extends ModelSource {
  /** What it is assumed to predict; null when the file itself says so. */
  readonly prediction: Prediction | null;
}

/** The same as `singleFileSource`, from the file, of which only the header is read. @throws AppError unsupported-model, corrupt-file */
export async function openSingleFile(
  path: string,
  file: Blob,
  prediction: Prediction | null,
  vocabulary?: ModelFiles,
): Promise<SingleFileSource> {
  return singleFileSource(path, await readTensors(path, file), prediction, vocabulary);
}

/**
 * A checkpoint in one file, seen as the diffusers repository it would be.
 * @param tensors all those of the file
 * @param prediction used when the file doesn't say what it predicts; null for what its kind usually does
 * @param vocabulary holds CLIP's merges.txt; without it no text can be tokenized
 * @throws AppError unsupported-model
 */
export async function singleFileSource(
  path: string,
  tensors: Tensors,
  prediction: Prediction | null,
  vocabulary?: ModelFiles,
): Promise<SingleFileSource> {
  const file = await readSingleFile(path, tensors);
  const usual = file.kind === 'sd2' && !file.inpainting ? 'v_prediction' : 'epsilon';
  const assumed = prediction ?? usual;
  const configs = file.configs(file.prediction ?? assumed);
  const merges = async (): Promise<Blob> => {
    if (!vocabulary) throw unsupportedModel('missing-part', 'tokenizer', 'merges.txt', 'none');
    return vocabulary.file('merges.txt');
  };
  const absent = (name: string) => unsupportedModel('missing-part', path, name, 'no such part');
  const files: ModelFiles = {
    has: (name) => name in configs || /^tokenizer(_\d+)?\/(vocab\.json|merges\.txt)$/.test(name),
    file: async (name) => {
      if (name.endsWith('/merges.txt')) return merges();
      throw absent(name);
    },
    json: async (name) => {
      if (name.endsWith('/vocab.json')) return clipVocabulary(await (await merges()).text());
      if (name in configs) return configs[name];
      throw absent(name);
    },
  };
  return {
    files,
    prediction: file.prediction === undefined ? assumed : null,
    tensors: async (component) => {
      const tensors = file.components[component];
      if (!tensors) throw absent(component);
      return tensors;
    },
    graphs: () => undefined,
    quantized: async () => undefined,
  };
}

import type { ModelFiles } from '../hub/repo.ts';
import { AppError } from '../protocol/errors.ts';
import type { ModelSource } from './model-source.ts';
import { openOnnxTextEncoder, openOnnxUnet, openOnnxVaeDecoder, openOnnxVaeEncoder } from './onnx-model.ts';
import { onnxConfigs, onnxParameters } from './onnx-parts.ts';

/**
 * A repository of ready-made graphs, in Optimum's layout.
 * @throws AppError unsupported-model where a graph is missing; corrupt-file
 */
export async function onnxSource(files: ModelFiles): Promise<ModelSource> {
  return {
    files: await onnxConfigs(files),
    graphs: () => ({
      textEncoder: (runtime, ...facts) => openOnnxTextEncoder(runtime, files, ...facts),
      unet: (runtime, ...facts) => openOnnxUnet(runtime, files, ...facts),
      vaeDecoder: (runtime, ...facts) => openOnnxVaeDecoder(runtime, files, ...facts),
      vaeEncoder: (runtime, ...facts) => openOnnxVaeEncoder(runtime, files, ...facts),
      parameters: (component) => onnxParameters(files, component),
    }),
    tensors: async (component) => {
      const details = { component, expected: 'tensors by name', found: 'a ready-made graph' };
      const message = `${component}: this model is a ready-made graph, whose weights cannot be changed.`;
      throw new AppError('unsupported-model', message, details);
    },
    quantized: async () => undefined,
  };
}

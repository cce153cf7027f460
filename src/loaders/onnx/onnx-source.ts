import type { ModelFiles } from '../../hub/repo.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { ModelSource } from '../model-source.ts';
import { onnxConfigs, onnxParameters } from './onnx-configs.ts';
import { openOnnxTextEncoder, openOnnxUnet, openOnnxVaeDecoder, openOnnxVaeEncoder } from './onnx-model.ts';

/**
 * A repository of ONNX graphs, in Optimum's layout.
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
      throw unsupportedModel('fixed-graph', component, 'tensors by name', 'an ONNX graph');
    },
    quantized: async () => undefined,
  };
}

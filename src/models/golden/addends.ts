import { Weights } from '../../checkpoint/weights.ts';
import type { Graph, GraphTarget } from '../../graph/graph.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { UNet2DConditionConfig } from '../config.ts';
import { type UNetAddends, unet2DConditionModel } from '../unet.ts';
import { type GoldenTensor, type GoldenTensors, readGoldenTensors } from './cases.ts';

/** By what golden/unet_addends.py calls their outputs. */
export const ADDENDS = {
  control: { controlNet: true },
  adapter: { adapter: 4 },
  both: { controlNet: true, adapter: 4 },
} as const satisfies Record<string, UNetAddends>;
export const ADDEND_KINDS = Object.keys(ADDENDS) as readonly (keyof typeof ADDENDS)[];

/** A UNet of golden/unet_addends.py: the folder of its checkpoint, the name of the weights, the golden of one evaluation. */
const FILES = {
  'tiny-model': ['e2e/tiny-model/unet', 'diffusion_pytorch_model', 'tiny-model/unet'],
  'unet-sdxl': ['src/models/golden/unet-sdxl', 'model', 'unet-sdxl/golden'],
} as const;
export type AddendName = keyof typeof FILES;
export const ADDEND_NAMES = Object.keys(FILES) as AddendName[];

/** A UNet with and without inputs that are added to what its blocks give. */
export interface AddendCase {
  readonly build: (batch: 1 | 2, addends?: UNetAddends) => Graph;
  /** All that a graph asks for, and what it gives, by the kinds of `ADDENDS`. */
  readonly tensors: GoldenTensors;
  /** The same, but nothing is added. */
  readonly zeros: GoldenTensors;
}

export const isAddend = (name: string): boolean => name.includes('_additional_residual');

/** @param read returns a file by its path in the repository */
export async function addendCase(
  name: AddendName,
  read: (path: string) => Promise<Blob>,
  target: GraphTarget,
): Promise<AddendCase> {
  const [folder, file, evaluation] = FILES[name];
  const json: unknown = JSON.parse(await (await read(`${folder}/config.json`)).text());
  const config = parseConfig('unet', UNet2DConditionConfig, json);
  const weights = await Weights.open('unet', await read(`${folder}/${file}.safetensors`));
  const golden = async (path: string) =>
    readGoldenTensors(await read(`src/models/golden/${path}.safetensors`));
  const tensors = { ...(await golden(evaluation)), ...(await golden(`unet-addends/${name}`)) };
  const [, , height, width] = (tensors.sample as GoldenTensor).shape as [number, number, number, number];
  const [, sequenceLength] = (tensors.encoder_hidden_states as GoldenTensor).shape as [number, number];
  const none = (key: string, { shape, data }: GoldenTensor) =>
    isAddend(key) ? { shape, data: new Float32Array(data.length) } : { shape, data };
  return {
    tensors,
    zeros: Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, none(key, tensor)])),
    build: (batch, addends) => {
      const shape = { height, width, sequenceLength, batch, ...(addends && { addends }) };
      return unet2DConditionModel(config, weights, target, shape);
    },
  };
}

import { elementCount } from '../../../numerics/tensor.ts';
import type { StoredTensor, Tensors } from '../../weights.ts';

export type Shape = readonly number[];

/** A .safetensors file of float32: tensors of zeros by their shapes, and numbers by their values. */
export function safetensors(contents: Readonly<Record<string, Shape | number>>, metadata?: unknown): Blob {
  let end = 0;
  const header: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  const data = Object.entries(contents).map(([key, value]) => {
    const shape = typeof value === 'number' ? [] : value;
    const size = elementCount(shape);
    header.push([key, { dtype: 'F32', shape, data_offsets: [end, end + 4 * size] }]);
    end += 4 * size;
    return typeof value === 'number' ? Float32Array.of(value) : new Float32Array(size);
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  return new Blob([new BigUint64Array([BigInt(json.length)]), json, ...data]);
}

/** Tensors of a model, of which only the shapes count. */
export function tensors(shapes: Readonly<Record<string, Shape>>): Tensors {
  const stored = (shape: Shape): StoredTensor => {
    return { dtype: 'F16', shape, offset: 0, length: 0, path: 'model', blob: new Blob() };
  };
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, stored(shape)]));
}

export const TO_Q = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
export const FC1 = 'encoder.layers.0.mlp.fc1';
export const MODEL = {
  unet: tensors({
    [`${TO_Q}.weight`]: [6, 4],
    'conv_in.weight': [6, 4, 1, 1],
    'conv_out.weight': [6, 4, 1, 1],
  }),
  text_encoder: tensors({ [`${FC1}.weight`]: [6, 4] }),
  text_encoder_2: tensors({ [`text_model.${FC1}.weight`]: [6, 4], 'text_projection.weight': [6, 4] }),
};

export const DOWN: Shape = [2, 4];
export const UP: Shape = [6, 2];
export const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
export const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;

/** A module's two halves under a layout's keys. */
export const module = (name: string, [down, up]: readonly [string, string] = KOHYA) => ({
  [name + down]: DOWN,
  [name + up]: UP,
});

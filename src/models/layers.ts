import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { quantizedLinear } from '../graph/quantized-linear.ts';

/** torch's layers: each reads its parameters, by torch's names, under `w`, and applies its operator. */

/**
 * nn.Conv2d, with a bias when the checkpoint has one: x [B, C, H, W] → [B, outChannels, H', W'].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function conv2d(
  g: Graph,
  w: Weights,
  x: Value,
  outChannels: number,
  {
    kernel = 3,
    ...options
  }: { kernel?: number; stride?: number; pads?: readonly [number, number, number, number] } = {},
): Value {
  const weight = w.getFactor(g, 'weight', [outChannels, x.shape[1] as number, kernel, kernel]);
  const bias = w.has('bias') ? w.get(g, 'bias', [outChannels]) : undefined;
  return nn.conv2d(g, x, { weight, bias }, options);
}

/**
 * nn.Linear, with a bias when the checkpoint has one: x [N, in] → [N, outFeatures].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function linear(g: Graph, w: Weights, x: Value, outFeatures: number): Value {
  return matrixProduct(g, w, x, [outFeatures, x.shape[1] as number]);
}

/**
 * A 1×1 nn.Conv2d as a linear layer, its weight read as a matrix: x [N, in] → [N, outChannels].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function pointwise(g: Graph, w: Weights, x: Value, outChannels: number): Value {
  const inChannels = x.shape[1] as number;
  return matrixProduct(g, w, x, [outChannels, inChannels, 1, 1]);
}

/** x [N, in] · weightᵀ + bias → [N, out], by the quantised weight where there is one. */
function matrixProduct(g: Graph, w: Weights, x: Value, shape: readonly number[]): Value {
  const [rows, columns] = shape as [number, number];
  const bias = w.has('bias') ? w.get(g, 'bias', [rows]) : undefined;
  const quantized = w.getQuantized(g, 'weight', shape);
  if (quantized) return quantizedLinear(g, x, { weight: quantized, bias });
  return nn.linear(g, x, { weight: w.getFactor(g, 'weight', shape, [rows, columns]), bias });
}

/**
 * nn.LayerNorm over the last axis: x […, C] → the same shape.
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function layerNorm(g: Graph, w: Weights, x: Value, epsilon: number): Value {
  const shape = [x.shape.at(-1) as number];
  return nn.layerNorm(g, x, { weight: w.get(g, 'weight', shape), bias: w.get(g, 'bias', shape) }, epsilon);
}

/**
 * nn.GroupNorm, followed by SiLU where `activation` is set: x [B, C, H, W] → the same shape.
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function groupNorm(
  g: Graph,
  w: Weights,
  x: Value,
  options: { groups: number; epsilon: number; activation?: boolean },
): Value {
  const shape = [x.shape[1] as number];
  return nn.groupNorm(g, x, { weight: w.get(g, 'weight', shape), bias: w.get(g, 'bias', shape) }, options);
}

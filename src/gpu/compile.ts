import type { Graph, GraphNode } from '../graph/graph.ts';
import { Emitter, type GpuTarget, NoKernelError } from './emitter.ts';
import { attention } from './ops/attention.ts';
import { elementwise } from './ops/elementwise.ts';
import { quantizedProduct } from './ops/linear.ts';
import { gather, mean } from './ops/lookups.ts';
import { groupNorm, layerNorm, softmax } from './ops/norms.ts';
import { conv, matmul, matrixProduct } from './ops/products.ts';
import { cast, concat, dequantize, identity, reshape, resize, split, transpose } from './ops/shapes.ts';
import type { Program } from './program.ts';

type Emit = (emitter: Emitter, node: GraphNode) => void;

/** What a node becomes, by ONNX's name of its operator. */
const OPS: Readonly<Record<string, Emit>> = {
  ...{ Conv: conv, Gemm: matrixProduct, MatMul: matmul, MatMulNBits: quantizedProduct },
  ...{ MultiHeadAttention: attention, GroupNorm: groupNorm, LayerNormalization: layerNorm, Softmax: softmax },
  ...{
    Identity: identity,
    Transpose: transpose,
    Reshape: reshape,
    Cast: cast,
    DequantizeLinear: dequantize,
    Concat: concat,
    Split: split,
  },
  ...{
    Resize: resize,
    Gather: gather,
    ReduceMean: mean,
    Add: elementwise,
    Sub: elementwise,
    Mul: elementwise,
  },
  ...{ Div: elementwise, Relu: elementwise, Tanh: elementwise, Sin: elementwise, Cos: elementwise },
  ...{ Floor: elementwise, Sqrt: elementwise, Gelu: elementwise, QuickGelu: elementwise },
};

/** The operators that have kernels here. */
export const OPERATORS = Object.keys(OPS);

/**
 * A graph as kernels of our own. What moves no number (Reshape, Transpose, Split) is another view of the same tensor; what
 * follows a product, and what comes before it, becomes part of its kernel.
 * @throws NoKernelError for a graph that holds something else; onnxruntime may run it
 */
export function compile(graph: Graph, target: GpuTarget): Program {
  return new Emitter(graph, target, (emitter, node) => {
    const emit = Object.hasOwn(OPS, node.op) ? OPS[node.op] : undefined;
    if (!emit) throw new NoKernelError(`There is no kernel for ${node.op}.`);
    emit(emitter, node);
  }).compile();
}

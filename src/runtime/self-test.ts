import { Graph, type GraphTarget } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { AppError } from '../protocol/errors.ts';
import type { Session } from './session.ts';

// Long enough for the flash-attention kernel, which some drivers get wrong.
const TOKENS = 40;
const HEADS = 2;
const CHANNELS = 16;
const SIDE = 6;

/** Deterministic values, [length], −1 … 1. */
const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * step));

/** What the self-test needs of a runtime. */
interface TestedRuntime {
  readonly target: GraphTarget;
  open(graph: Graph): Promise<Session>;
}

/**
 * Compares a convolution, a norm and an attention on this device with the same in plain loops.
 * @throws AppError wrong-numbers naming the operator
 */
export async function selfTest(runtime: TestedRuntime): Promise<void> {
  const picture = wave(CHANNELS * SIDE * SIDE, 0.37);
  const kernel = wave(CHANNELS * CHANNELS, 0.11);
  const tokens = wave(TOKENS * CHANNELS, 0.23);
  const session = await runtime.open(selfTestGraph(runtime.target, kernel));
  const found = await session.run({ picture, tokens });
  await session.release();
  // float16 has three digits, and a sum of 16 loses one.
  const tolerance = runtime.target.dtype === 'float16' ? 3e-2 : 1e-4;
  const expected = {
    convolved: convolved(picture, kernel),
    normed: normed(picture),
    attended: attended(tokens),
  };
  for (const [name, values] of Object.entries(expected)) {
    const worst = values.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - (found[name]?.[i] ?? Number.NaN))),
      0,
    );
    if (!(worst <= tolerance)) {
      throw new AppError(
        'wrong-numbers',
        `This GPU computes wrongly: ${name} is off by ${worst.toPrecision(2)}.`,
        { operator: name },
      );
    }
  }
}

function selfTestGraph(target: GraphTarget, kernel: Float32Array): Graph {
  const g = new Graph('self-test', target);
  const inside = (name: string, shape: readonly number[]) =>
    nn.cast(g, g.input(name, 'float32', shape), target.dtype);
  const constant = (data: Float32Array, shape: readonly number[]) =>
    nn.cast(g, g.constant(data, shape), target.dtype);
  const picture = inside('picture', [1, CHANNELS, SIDE, SIDE]);
  const tokens = inside('tokens', [1, TOKENS, CHANNELS]);
  const weight = constant(kernel, [CHANNELS, CHANNELS, 1, 1]);
  const norm = {
    weight: constant(new Float32Array(CHANNELS).fill(1), [CHANNELS]),
    bias: constant(new Float32Array(CHANNELS), [CHANNELS]),
  };
  g.output('convolved', nn.cast(g, nn.conv2d(g, picture, { weight }), 'float32'));
  g.output('normed', nn.cast(g, nn.groupNorm(g, picture, norm, { groups: 4, epsilon: 1e-5 }), 'float32'));
  g.output('attended', nn.cast(g, nn.attention(g, tokens, tokens, tokens, HEADS), 'float32'));
  return g;
}

/** A 1×1 convolution: image [C, H, W], kernel [C, C] → [C, H, W]. */
function convolved(picture: Float32Array, kernel: Float32Array): Float32Array {
  const pixels = SIDE * SIDE;
  return picture.map((_, i) => {
    const [out, pixel] = [Math.floor(i / pixels), i % pixels];
    let sum = 0;
    for (let c = 0; c < CHANNELS; c++)
      sum += (kernel[out * CHANNELS + c] as number) * (picture[c * pixels + pixel] as number);
    return sum;
  });
}

/** GroupNorm with four groups, without scale and shift: [C, H, W] → [C, H, W]. */
function normed(picture: Float32Array): Float32Array {
  const size = picture.length / 4;
  return picture.map((value, i) => {
    const group = picture.subarray(Math.floor(i / size) * size, (Math.floor(i / size) + 1) * size);
    const mean = group.reduce((sum, x) => sum + x, 0) / size;
    const variance = group.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size;
    return (value - mean) / Math.sqrt(variance + 1e-5);
  });
}

/** softmax(q kᵀ / √d) v with q = k = v = tokens [T, C] → [T, C]. */
function attended(tokens: Float32Array): Float32Array {
  const depth = CHANNELS / HEADS;
  const at = (token: number, channel: number) => tokens[token * CHANNELS + channel] as number;
  return tokens.map((_, i) => {
    const [token, channel] = [Math.floor(i / CHANNELS), i % CHANNELS];
    const head = Math.floor(channel / depth) * depth;
    let [sum, total] = [0, 0];
    for (let other = 0; other < TOKENS; other++) {
      let score = 0;
      for (let c = head; c < head + depth; c++) score += at(token, c) * at(other, c);
      const weight = Math.exp(score / Math.sqrt(depth));
      sum += weight * at(other, channel);
      total += weight;
    }
    return sum / total;
  });
}

import {
  enables,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  vectorOf,
  type Width,
  widthOf,
} from './kernel.ts';
import { declareMoments, meet, momentsWgsl, ownMoments } from './moments.ts';

/** GroupNorm's statistics over one or two feature maps whose channels lie side by side; a group may hold channels of both. */
export interface GroupNorm {
  readonly batches: number;
  readonly pixels: number;
  /** Of each feature map [batches · pixels, channels]. */
  readonly inputs: readonly { readonly channels: number; readonly storage: Storage }[];
  readonly groups: number;
  readonly epsilon: number;
  /** Of scale and bias. */
  readonly weight: Storage;
}

const THREADS = 256;
/** More numbers in a group than this are shared among workgroups. */
const MOST_NUMBERS = 49_152;
/** Pixels and vectors of channels that a workgroup reads beside each other where there are several. */
const BLOCK = 16;
/** As many workgroups keep a large GPU busy. */
const WORKGROUPS = 512;

const channelsOf = ({ inputs }: GroupNorm): number => inputs.reduce((sum, { channels }) => sum + channels, 0);
const widthIn = (norm: GroupNorm): Width =>
  widthOf(channelsOf(norm) / norm.groups, ...norm.inputs.map(({ channels }) => channels));

/** In how many slices the pixels are looked at by themselves first; 1 is one workgroup a group and one kernel. */
export function groupNormSlices(norm: GroupNorm): number {
  const channels = channelsOf(norm);
  if ((norm.pixels * channels) / norm.groups <= MOST_NUMBERS) return 1;
  const blocks = Math.ceil(channels / widthIn(norm) / BLOCK);
  return Math.min(Math.ceil(WORKGROUPS / (norm.batches * blocks)), Math.ceil(norm.pixels / (4 * BLOCK)));
}

/** The length in float32 of what lies between two kernels; 0 for one. */
export const groupNormScratch = (norm: GroupNorm, slices = groupNormSlices(norm)): number =>
  slices > 1 ? (4 * norm.batches * slices * channelsOf(norm)) / widthIn(norm) : 0;

/**
 * Scale and shift of each channel, float32 [batches, 2, channels], so that x · scale + shift is the normalised x with weight
 * and bias. Bindings of one kernel: the inputs, weight, bias, result. Of two: the inputs, scratch; scratch, weight, bias, result.
 */
export function groupNormStatistics(norm: GroupNorm, slices = groupNormSlices(norm)): Kernel[] {
  return slices > 1 ? [sliceKernel(norm, slices), groupKernel(norm, slices)] : [groupKernel(norm, 1)];
}

/** The bindings of the inputs, and `read_pixel(row, c)`: the c-th vector of a row of both. */
function inputsWgsl({ inputs }: GroupNorm, width: Width): string {
  const isPair = inputs.length > 1;
  return [
    ...inputs.map(({ storage }, i) => input(`x${i}`, 1 + i, storage, width)),
    `fn read_pixel(row: u32, c: u32) -> ${vectorOf(width)} {`,
    isPair ? '  if (c >= u.first) { return read_x1(row * u.second + c - u.first); }' : '',
    '  return read_x0(row * u.first + c);',
    '}',
  ].join('\n');
}

/** Lengths in vectors. */
function uniformsOf(norm: GroupNorm, slices: number) {
  const width = widthIn(norm);
  const [first, second] = norm.inputs.map(({ channels }) => channels / width);
  const channels = channelsOf(norm);
  return uniforms(
    {
      ...{ pixels: norm.pixels, first: first as number, second: second ?? 0, slices },
      ...{ perSlice: Math.ceil(norm.pixels / slices), perGroup: channels / norm.groups / width, channels },
    },
    { epsilon: norm.epsilon },
  );
}

function costOf(norm: GroupNorm) {
  const pixels = norm.batches * norm.pixels;
  return {
    flops: 5 * pixels * channelsOf(norm),
    bytes: norm.inputs.reduce((sum, x) => sum + pixels * x.channels * STORAGE_BYTES[x.storage], 0),
  };
}

/** The moments of each vector of channels over a slice of the pixels: count, mean, squares of the distances, 0. */
function sliceKernel(norm: GroupNorm, slices: number): Kernel {
  const width = widthIn(norm);
  const { wgsl, data } = uniformsOf(norm, slices);
  const code = [
    enables(...norm.inputs.map(({ storage }) => storage)),
    wgsl,
    inputsWgsl(norm, width),
    output('scratch', 1 + norm.inputs.length, 'float32', 4),
    momentsWgsl(BLOCK * BLOCK, BLOCK),
    `
@compute @workgroup_size(${BLOCK}, ${BLOCK})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>) {
  let c = group.y * ${BLOCK}u + thread.x;
  let batch = group.z;
  let isInside = c < u.first + u.second;
  let last = select(0u, min(u.pixels, (group.x + 1u) * u.perSlice), isInside);
${declareMoments(vectorOf(width))}
  for (var pixel = group.x * u.perSlice + thread.y; pixel < last; pixel += ${BLOCK}u) {
    let x = read_pixel(batch * u.pixels + pixel, c);
    ${meet('x')}
  }
  let all = moments_of_lanes(thread.x * ${BLOCK}u + thread.y, ${ownMoments(width)});
  if (isInside && thread.y == 0u) {
    write_scratch((batch * u.slices + group.x) * (u.first + u.second) + c, vec4<f32>(all, 0.0));
  }
}`,
  ].join('\n');
  const blocks = Math.ceil(channelsOf(norm) / width / BLOCK);
  return {
    name: `group norm slices ${norm.inputs.map(({ storage }) => storage).join(' ')}`,
    code,
    uniforms: data,
    workgroups: [slices, blocks, norm.batches],
    ...costOf(norm),
  };
}

/** A workgroup for each group: from the inputs themselves, or from the moments of slices. */
function groupKernel(norm: GroupNorm, slices: number): Kernel {
  const width = widthIn(norm);
  const channels = channelsOf(norm);
  const { wgsl, data } = uniformsOf(norm, slices);
  const next = slices > 1 ? 2 : 1 + norm.inputs.length;
  const met = `let x = read_pixel(batch * u.pixels + row, first + c); ${meet('x')}`;
  const merged =
    'own = merge_moments(own, read_scratch((batch * u.slices + row) * (u.first + u.second) + first + c).xyz);';
  const code = [
    enables(...(slices > 1 ? [] : norm.inputs.map(({ storage }) => storage)), norm.weight),
    wgsl,
    slices > 1 ? input('scratch', 1, 'float32', 4) : inputsWgsl(norm, width),
    input('weight', next, norm.weight, 1),
    input('bias', next + 1, norm.weight, 1),
    output('result', next + 2, 'float32', 1),
    momentsWgsl(THREADS, THREADS),
    `
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let batch = group.y;
  let first = group.x * u.perGroup;
${slices > 1 ? '  var own = vec3<f32>();' : declareMoments(vectorOf(width))}
  var row = index / u.perGroup;
  var c = index % u.perGroup;
  while (row < ${slices > 1 ? 'u.slices' : 'u.pixels'}) {
    ${slices > 1 ? merged : met}
    row += ${THREADS}u / u.perGroup;
    c += ${THREADS}u % u.perGroup;
    if (c >= u.perGroup) { c -= u.perGroup; row++; }
  }
  let all = moments_of_lanes(index, ${slices > 1 ? 'own' : ownMoments(width)});
  let deviation = sqrt(all.z / all.x + u.epsilon);
  for (var n = index; n < u.perGroup * ${width}u; n += ${THREADS}u) {
    let channel = first * ${width}u + n;
    let scale = read_weight(channel) / deviation;
    write_result(batch * 2u * u.channels + channel, scale);
    write_result(batch * 2u * u.channels + u.channels + channel, read_bias(channel) - all.y * scale);
  }
}`,
  ].join('\n');
  const written = norm.batches * 2 * channels * 4 + 2 * channels * STORAGE_BYTES[norm.weight];
  const scratch = 4 * groupNormScratch(norm, slices);
  const { flops, bytes } = slices > 1 ? { flops: 2 * scratch, bytes: scratch } : costOf(norm);
  return {
    name: `group norm ${slices > 1 ? 'of slices' : norm.inputs.map(({ storage }) => storage).join(' ')}`,
    code,
    uniforms: data,
    workgroups: [norm.groups, norm.batches, 1],
    ...{ flops, bytes: bytes + written },
  };
}

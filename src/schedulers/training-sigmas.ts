import type * as v from 'valibot';
import { torchLinspace } from '../numerics/ranges.ts';
import { weightedSum } from '../numerics/weighted-sum.ts';
import type { training } from './config.ts';
import type { Scheduler } from './scheduler.ts';

type TrainingConfig = v.InferOutput<v.ObjectSchema<typeof training, undefined>>;

/** `betas` of every diffusers scheduler, float32 [num_train_timesteps]. */
function trainingBetas(config: TrainingConfig): Float32Array {
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config;
  if (config.trained_betas) return Float32Array.from(config.trained_betas);
  if (config.beta_schedule === 'linear') return torchLinspace(start, end, count);
  if (config.beta_schedule === 'scaled_linear')
    return torchLinspace(start ** 0.5, end ** 0.5, count).map((x) => x * x);
  // betas_for_alpha_bar, Nichol and Dhariwal 2021
  const alphaBar = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999),
  );
}

/** torch.cumprod of 1 − betas [n]: accumulated in float64, stored in float32. */
function cumulativeProduct(betas: Float32Array): Float32Array {
  let product = 1;
  return betas.map((beta) => {
    product *= Math.fround(1 - beta);
    return product;
  });
}

/** rescale_zero_terminal_snr of betas [n] (Lin et al. 2023, algorithm 1), each operation rounded to float32, as torch does. */
function rescaleZeroTerminalSnr(betas: Float32Array): Float32Array {
  const roots = cumulativeProduct(betas).map(Math.sqrt);
  const [first, last] = [roots[0] as number, roots.at(-1) as number];
  const scale = Math.fround(first / Math.fround(first - last));
  const bars = roots.map((root) => Math.fround(Math.fround(root - last) * scale) ** 2);
  return bars.map((bar, i) => 1 - Math.fround(i === 0 ? bar : bar / (bars[i - 1] as number)));
}

/** `alphas_cumprod`, float32 [num_train_timesteps]. */
export function alphasCumprod(config: TrainingConfig, rescaleBetasZeroSnr = false): Float32Array {
  const betas = trainingBetas(config);
  return cumulativeProduct(rescaleBetasZeroSnr ? rescaleZeroTerminalSnr(betas) : betas);
}

/**
 * The ratio of noise to signal of each training step, √((1 − ᾱ) / ᾱ), float32 [num_train_timesteps], ascending. With zero
 * terminal SNR the last ᾱ becomes 2⁻²⁴, the smallest half-precision number, so that no sigma is infinite.
 */
export function trainingSigmas(config: TrainingConfig, rescaleBetasZeroSnr: boolean): Float32Array {
  const alphas = alphasCumprod(config, rescaleBetasZeroSnr);
  if (rescaleBetasZeroSnr) alphas[alphas.length - 1] = 2 ** -24;
  return alphas.map((alpha) => Math.sqrt(Math.fround(Math.fround(1 - alpha) / alpha)));
}

/** `add_noise` of the schedulers that go by training steps, such as DDPM: √ᾱ · original + √(1 − ᾱ) · noise, all [n]. */
export function noiseAdder(alphas: Float32Array): Scheduler['addNoise'] {
  return ({ timesteps }, original, noise, i) => {
    const { alpha, sigma } = signalAndNoise(alphas[timesteps[i] as number] as number);
    return weightedSum([
      [alpha, original],
      [sigma, noise],
    ]);
  };
}

/** The weights of the signal, √ᾱ, and of the noise, √(1 − ᾱ), in a sample. */
export function signalAndNoise(alphaCumprod: number): { readonly alpha: number; readonly sigma: number } {
  const [alpha, sigma] = [Math.sqrt(alphaCumprod), Math.sqrt(Math.fround(1 - alphaCumprod))];
  return { alpha: Math.fround(alpha), sigma: Math.fround(sigma) };
}

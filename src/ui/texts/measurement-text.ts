import type { GpuTimes, Measured } from '../../protocol/gpu-measurement.ts';
import { MEASURE_TEXTS, type MeasureTexts } from './measure-texts.ts';

type Fixed = (value: number, decimals: number) => string;

/** A short time: “7.25 ms”, “140 ms”, “2.5 s”. */
export function millisecondsText(fixed: Fixed, ms: number): string {
  if (ms >= 1000) return `${fixed(ms / 1000, 1)} s`;
  return `${fixed(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
}

/** How quickly weights reach the GPU: “812 MB/s”. */
export const rateText = (fixed: Fixed, { weightBytes, loadMs }: GpuTimes): string =>
  `${fixed(weightBytes / 1e6 / (loadMs / 1000), 0)} MB/s`;

/** What was measured at which size: “VAE, decoding a picture, 512 × 512”. */
export const partText = (texts: MeasureTexts, { part, side }: GpuTimes): string =>
  `${texts.parts[part]}, ${side} × ${side}`;

/** Parts in a row, each with whose kernels. */
export const listText = (texts: MeasureTexts, parts: readonly Measured[]): string =>
  parts.map(({ part, kernels }) => texts.alone(texts.parts[part], texts.kernels[kernels])).join(', ');

/** What a measurement is posted with. */
export interface MeasurementFacts {
  readonly version: string;
  /** As 2026-11-28. */
  readonly date: string;
  readonly gpu: string;
  readonly browser: string;
  readonly times: readonly GpuTimes[];
  readonly leftOut: readonly Measured[];
  /** The code of the error that ended it. */
  readonly error?: string | undefined;
}

/** A measurement to be posted, in Markdown; in English, so that whoever compares can read it. */
export function measurementText({ times, leftOut, error, ...facts }: MeasurementFacts): string {
  const texts = MEASURE_TEXTS.en;
  const fixed: Fixed = (value, decimals) => value.toFixed(decimals);
  const { part, time, first, load } = texts.columns;
  const rows = times.map((one) => [
    ...[partText(texts, one), texts.kernels[one.kernels], texts.bits(one.bits)],
    ...[millisecondsText(fixed, one.medianMs), millisecondsText(fixed, one.firstMs), rateText(fixed, one)],
  ]);
  const table = [[part, '', '', time, first, load], Array(6).fill('---'), ...rows];
  return [
    `Safelight ${facts.version}, ${facts.date}`,
    facts.gpu,
    facts.browser,
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    ...(leftOut.length > 0 ? ['', texts.leftOut(listText(texts, leftOut))] : []),
    ...(error === undefined ? [] : ['', error]),
    '',
  ].join('\n');
}

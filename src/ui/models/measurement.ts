import type { UsedDevice } from '../../protocol/device.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { GpuTimes, Measured, MeasureProgress } from '../../protocol/gpu-measurement.ts';

/** A measurement as it is shown. */
export interface Measurement {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  /** Null until the GPU is opened. */
  readonly device: UsedDevice | null;
  /** What is being measured; null before and after. */
  readonly current: Measured | null;
  readonly times: readonly GpuTimes[];
  readonly leftOut: readonly Measured[];
  readonly error: AppError | null;
}

export const BEGUN: Measurement = {
  ...{ state: 'running', device: null, current: null, times: [], leftOut: [], error: null },
};

/** A measurement after a piece of news. */
export function withProgress(measurement: Measurement, news: MeasureProgress): Measurement {
  const { times, leftOut } = measurement;
  switch (news.stage) {
    case 'device':
      return { ...measurement, device: news.device };
    case 'begin':
      return { ...measurement, current: news.measured };
    case 'times':
      return { ...measurement, current: null, times: [...times, news.times] };
    case 'left-out':
      return { ...measurement, leftOut: [...leftOut, news.measured] };
  }
}

/** A measurement that has ended; what was measured until then stays. */
export function ended(measurement: Measurement, error: AppError | null): Measurement {
  const over = { ...measurement, current: null };
  if (error === null) return { ...over, state: 'done' };
  return error.code === 'aborted' ? { ...over, state: 'stopped' } : { ...over, state: 'failed', error };
}

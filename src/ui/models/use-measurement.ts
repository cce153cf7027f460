import { useCallback, useEffect, useRef, useState } from 'react';
import { fromWire, toWire } from '../../protocol/errors.ts';
import { useDevice } from '../page/stores-context.ts';
import { BEGUN, ended, type Measurement, withProgress } from './measurement.ts';

/** Measures the GPU as long as it is shown: the measurement, what begins another one, and what stops it. */
export function useMeasurement(): [Measurement, () => void, () => void] {
  const measureGpu = useDevice((device) => device.measureGpu);
  const [measurement, setMeasurement] = useState(BEGUN);
  const running = useRef(new AbortController());

  const stop = useCallback(() => running.current.abort(), []);
  const start = useCallback(() => {
    running.current.abort();
    const controller = new AbortController();
    running.current = controller;
    /** What another one has followed is shown no more. */
    const change = (next: (measurement: Measurement) => Measurement) =>
      running.current === controller && setMeasurement(next);
    change(() => BEGUN);
    measureGpu({
      signal: controller.signal,
      onProgress: (news) => change((measurement) => withProgress(measurement, news)),
    }).then(
      () => change((measurement) => ended(measurement, null)),
      (error: unknown) => change((measurement) => ended(measurement, fromWire(toWire(error)))),
    );
  }, [measureGpu]);

  useEffect(() => {
    start();
    return stop;
  }, [start, stop]);
  return [measurement, start, stop];
}

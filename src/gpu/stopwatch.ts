import type { StartStopwatch } from './trial.ts';

/** Times passes by the GPU's own clock where the device has `timestamp-query`, otherwise from submission until it is done. */
export function stopwatchOf(device: GPUDevice): StartStopwatch {
  if (!device.features.has('timestamp-query')) return () => byWall(device);
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  const readback = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  return () => ({
    timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    end: (encoder) => {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, readback, 0, 16);
    },
    read: async () => {
      await readback.mapAsync(GPUMapMode.READ);
      const [begin = 0n, end = 0n] = new BigUint64Array(readback.getMappedRange());
      readback.unmap();
      return Number(end - begin) / 1e6;
    },
  });
}

function byWall(device: GPUDevice) {
  const begin = performance.now();
  return {
    read: async () => {
      await device.queue.onSubmittedWorkDone();
      return performance.now() - begin;
    },
  };
}

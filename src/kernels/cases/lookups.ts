import { gather } from '../gather.ts';
import type { Storage } from '../kernel.ts';
import { mean } from '../mean.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

/** Rows of a table. */
export function gatherCase(draw: Draw, storage: Storage): KernelCase {
  const [rows, tableRows] = [draw.whole(1, 9), draw.whole(1, 20)];
  const columns = 2 * draw.whole(1, 8);
  const table = stored(storage, draw.numbers(tableRows * columns));
  const indices = Int32Array.from({ length: rows }, () => draw.whole(0, tableRows - 1));
  const kernel = gather({ rows, tableRows, columns, table: storage, out: storage });
  return {
    title: `gather ${rows} of ${tableRows} × ${columns}`,
    buffers: [table.bytes, new Uint16Array(indices.buffer), rows * columns],
    steps: [{ kernel, bindings: [0, 1, 2] }],
    ...{ result: 2, storage, tolerance: 0 },
    expected: Float32Array.from({ length: rows * columns }, (_, i) => {
      return table.numbers[(indices[Math.floor(i / columns)] as number) * columns + (i % columns)] as number;
    }),
  };
}

/** The mean over the middle one of three axes. */
export function meanCase(draw: Draw, storage: Storage): KernelCase {
  const [outer, length] = [draw.whole(1, 4), draw.whole(1, 9)];
  const inner = draw.whole(1, 5) * (storage === 'packed16' ? 2 : 1);
  const x = stored(storage, draw.numbers(2 * Math.ceil((outer * length * inner) / 2)));
  const kernel = mean({ outer, length, inner, storage, out: storage });
  return {
    title: `mean ${outer} × ${length} × ${inner}`,
    buffers: [x.bytes, 2 * Math.ceil((outer * inner) / 2)],
    steps: [{ kernel, bindings: [0, 1] }],
    ...{ result: 1, storage, tolerance: toleranceOf(storage) },
    expected: Float32Array.from({ length: outer * inner }, (_, i) => {
      const at = (k: number) =>
        x.numbers[(Math.floor(i / inner) * length + k) * inner + (i % inner)] as number;
      return Array.from({ length }, (_, k) => at(k)).reduce((sum, value) => sum + value, 0) / length;
    }),
  };
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byHiresKey, fromHires, hiresName, toHires } from './hires.ts';
import { anyValues } from './samples/any-request.ts';
import { HIRES_NAMES } from './settings.ts';

test('a second pass has every setting that the table has for it, without the prefix', () => {
  const row = { hiresUpscaler: 1, hiresScale: 2, hiresStrength: 3, hiresSteps: 4 };
  expect(HIRES_NAMES).toEqual(Object.keys(row));
  expect(byHiresKey(row)).toEqual({ upscaler: 1, scale: 2, strength: 3, steps: 4 });
  expect(Object.keys(byHiresKey(row)).map(hiresName)).toEqual(HIRES_NAMES);
});

test('the settings of any second pass come back from it; of 0 steps it has those of the first pass', () => {
  fc.assert(
    fc.property(anyValues, (values) => {
      const { hiresUpscaler, hiresScale, hiresStrength, hiresSteps } = values;
      const second = { hiresUpscaler, hiresScale, hiresStrength, hiresSteps };
      expect(fromHires(toHires(second, 7))).toEqual(
        hiresUpscaler === null ? { hiresUpscaler } : { ...second, hiresSteps: hiresSteps || 7 },
      );
    }),
  );
  expect(fromHires(undefined)).toEqual({});
});

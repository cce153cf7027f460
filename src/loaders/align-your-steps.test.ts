import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALIGN_YOUR_STEPS } from './align-your-steps.ts';

test('Align Your Steps has diffusers’ AysSchedules, and A1111’s last level', () => {
  const path = join(import.meta.dirname, '../schedulers/golden/sigma-schedules.json');
  expect(ALIGN_YOUR_STEPS).toEqual(JSON.parse(readFileSync(path, 'utf8')).tables);
});

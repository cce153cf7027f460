import * as v from 'valibot';
import { expect, test } from 'vitest';
import { DEISMultistepConfig } from './deis-multistep.ts';
import { DPMSolverMultistepConfig } from './dpm-solver-multistep.ts';
import { DPMSolverSinglestepConfig } from './dpm-solver-singlestep.ts';
import golden from './golden/switches.json' with { type: 'json' };
import { registeredConfig } from './index.ts';
import { UniPCMultistepConfig } from './unipc-multistep.ts';

const CONFIGS: Readonly<Record<string, v.GenericSchema>> = {
  DEISMultistepScheduler: DEISMultistepConfig,
  DPMSolverMultistepScheduler: DPMSolverMultistepConfig,
  DPMSolverSinglestepScheduler: DPMSolverSinglestepConfig,
  UniPCMultistepScheduler: UniPCMultistepConfig,
};

test.each(golden.cases)('$second made from $first goes by diffusers’ solver: %j', ({
  first,
  second,
  read,
  ...config
}) => {
  const found = v.parse(CONFIGS[second] as v.GenericSchema, registeredConfig(first, config));
  expect(found).toMatchObject(Object.fromEntries(Object.keys(config).map((key) => [key, read])));
});

test('what no code is written for stays, to be refused by its name, and so does an unknown class', () => {
  const config = { solver_type: 'new', algorithm_type: 5, steps_offset: 1 };
  expect(registeredConfig('DEISMultistepScheduler', config)).toEqual(config);
  const unknown = { solver_type: 'heun' };
  expect(registeredConfig('CosineDPMSolverMultistepScheduler', unknown)).toEqual(unknown);
});

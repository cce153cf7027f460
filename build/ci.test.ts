import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

test('CI runs the steps of npm test, in its order', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  const steps = [...workflow.matchAll(/^ +run: (npm run .+)$/gm)].map(([, command]) => command);
  expect(steps).toEqual(packageJson.scripts.test.split(' && '));
});

test('CI runs no action but by the hash of its commit', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
});

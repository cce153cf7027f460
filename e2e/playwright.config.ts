import { defineConfig } from '@playwright/test';
import { LAUNCH_ARGS } from './chromium.mjs';
import type { AppOptions } from './fixtures.ts';

const browser = (device: 'wasm' | 'webgpu') => {
  const executablePath = process.env.CHROME_PATH;
  return { launchOptions: { args: LAUNCH_ARGS[device], ...(executablePath ? { executablePath } : {}) } };
};

// One worker: the machine's cores belong to the app under test. What fails is asked once more, and listed as flaky if it
// passes then: a machine that stumbles (Chromium's renderer has crashed under software WebGPU before any kernel ran) costs
// one test, not the run.
export default defineConfig<AppOptions>({
  testDir: '.',
  outputDir: '../test-results',
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  retries: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'wasm', testIgnore: /(graphs|too-large)\.spec\.ts/, use: { ...browser('wasm'), device: 'wasm' } },
    // Software WebGPU computes at a thousandth of a GPU's speed: the whole path, on the tiny model.
    {
      name: 'webgpu',
      testMatch: /(generate|graphs|too-large)\.spec\.ts/,
      timeout: 600_000,
      use: { ...browser('webgpu'), device: 'webgpu' },
    },
  ],
});

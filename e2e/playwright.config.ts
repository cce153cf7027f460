import { defineConfig } from '@playwright/test';
import { LAUNCH_ARGS } from './chromium.mjs';
import type { AppOptions } from './fixtures.ts';

const browser = (device: 'wasm' | 'webgpu') => {
  const executablePath = process.env.CHROME_PATH;
  return { launchOptions: { args: LAUNCH_ARGS[device], ...(executablePath ? { executablePath } : {}) } };
};

// One worker and no retries: the machine's cores belong to the app under test, and a flaky test is a broken one.
export default defineConfig<AppOptions>({
  testDir: '.',
  outputDir: '../test-results',
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'retain-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    { name: 'wasm', testIgnore: 'graphs.spec.ts', use: { ...browser('wasm'), device: 'wasm' } },
    // Software WebGPU computes at a thousandth of a GPU's speed: the whole path, on the tiny model. In some hundred pages
    // Chromium's renderer crashed under it once, before any kernel had run: that is not the app's, and asked again.
    {
      name: 'webgpu',
      retries: 1,
      testMatch: /(generate|graphs)\.spec\.ts/,
      timeout: 600_000,
      use: { ...browser('webgpu'), device: 'webgpu' },
    },
  ],
});

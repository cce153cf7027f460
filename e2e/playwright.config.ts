import { availableParallelism } from 'node:os';
import {
  defineConfig,
  type PlaywrightTestOptions,
  type PlaywrightWorkerOptions,
  type Project,
} from '@playwright/test';
import type { AppOptions } from './fixtures.ts';
import { LAUNCH_ARGS } from './launch-args.mjs';

/**
 * V8 compiles a function of onnxruntime a second time, into faster code, once it has run for this long: forty times later
 * than by itself. Few pictures here take long enough to win that back, and it is half of the work of most tests.
 */
const COMPILE_LATER = '--js-flags=--wasm-tiering-budget=500000000';

const browser = (device: 'wasm' | 'webgpu') => {
  const executablePath = process.env.CHROME_PATH;
  const args = [...LAUNCH_ARGS[device], COMPILE_LATER];
  return { launchOptions: { args, ...(executablePath ? { executablePath } : {}) } };
};

/** The browsers beside Chromium that run.mjs has found run the tests that have their tags. */
const { FIREFOX_PATH, MINIBROWSER_PATH } = process.env;
const others: Project<PlaywrightTestOptions, PlaywrightWorkerOptions>[] = [];
if (FIREFOX_PATH)
  others.push({
    name: 'firefox',
    grep: /@firefox/,
    use: {
      browserName: 'firefox',
      // A preference says what its WebDriver has no command for.
      contextOptions: {},
      launchOptions: {
        channel: 'moz-firefox',
        executablePath: FIREFOX_PATH,
        firefoxUserPrefs: { 'ui.prefersReducedMotion': 1 },
      },
    },
  });
if (MINIBROWSER_PATH)
  others.push({
    name: 'webkit',
    grep: /@webkit/,
    use: { browserName: 'webkit', launchOptions: { executablePath: MINIBROWSER_PATH } },
  });

// Nothing is asked twice. What is waited for has a limit that a busy machine keeps: it is no wait. A trace of every test
// takes longer than the tests do: `npm run e2e -- --trace on` and the name of one that failed.
export default defineConfig<AppOptions>({
  testDir: '.',
  outputDir: '../test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: availableParallelism(),
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ['./slowest.ts']],
  use: {
    actionTimeout: 60_000,
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    // Without a GPU the CPU draws every frame of a transition: nearly half of the work of a picture.
    contextOptions: { reducedMotion: 'reduce' },
  },
  projects: [
    {
      name: 'wasm',
      testIgnore: /(graphs|measure|too-large|other-browsers)\.spec\.ts/,
      use: { ...browser('wasm'), device: 'wasm' },
    },
    // Software WebGPU computes at a thousandth of a GPU's speed: the whole path, on the two-block model.
    {
      name: 'webgpu',
      testMatch: /(generate|graphs|large-file|measure|too-large)\.spec\.ts/,
      timeout: 600_000,
      use: { ...browser('webgpu'), device: 'webgpu' },
    },
    ...others,
  ],
});

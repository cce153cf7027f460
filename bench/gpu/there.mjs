// On the machine with the GPU (there.sh): measures with what pack.sh has packed.
import { chromium } from 'playwright-core';
import { measureGpu, optionsFrom } from './run.mjs';

const page = new URL('../../page', import.meta.url).pathname;
await measureGpu(
  chromium,
  /** @type {string} */ (process.env.CHROME_PATH),
  page,
  optionsFrom(process.argv.slice(2)),
);

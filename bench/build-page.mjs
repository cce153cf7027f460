import { copyFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'vite';

/**
 * Builds a page of the bench over the sources of the app, under the app's policy.
 * @param {string} html its file
 * @param {string} out the folder it is built into
 */
export async function buildPage(html, out) {
  await build({
    configFile: false,
    root: dirname(html),
    base: './',
    publicDir: false,
    logLevel: 'warn',
    worker: { format: 'es' },
    build: { outDir: out, emptyOutDir: true, target: 'es2022', rollupOptions: { input: html } },
  });
  copyFileSync(new URL('../public/_headers', import.meta.url), `${out}/_headers`);
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { bundledPackages, thirdPartyNotices } from './build/third-party-notices.ts';
import packageJson from './package.json' with { type: 'json' };
import { NOTICES_FILE } from './src/ui/about/notices.ts';

/**
 * What a host is to send with every file, where it can be told to: cross-origin isolation gives the CPU provider its threads
 * (SharedArrayBuffer), the policy keeps scripts of strangers out.
 */
const { 'Content-Security-Policy': policy, ...isolation } = Object.fromEntries(
  [...readFileSync('public/_headers', 'utf8').matchAll(/^ +([\w-]+): (.+)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
) as Record<string, string>;

/** Tests that call vi.mock, which must not find the module loaded. */
const MOCKING = 'src/runtime/*.test.ts';

const WORKER_FILE = 'service-worker.js';

const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 16);

/**
 * onnxruntime's wasm as .wasm.gz: a quarter of it on hosts that do not compress, and below what some of them allow a file
 * (Cloudflare: 25 MiB).
 */
function zippedWasm(): Plugin {
  return {
    name: 'zipped-wasm',
    apply: 'build',
    config: () => ({ define: { 'import.meta.env.WASM_ZIPPED': 'true' } }),
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (file.type !== 'asset' || !fileName.endsWith('.wasm')) continue;
          delete bundle[fileName];
          const source = gzipSync(file.source, { level: 9 });
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source });
        }
      },
    },
  };
}

/**
 * The policy in the page itself, for the first visit to a host that sets no headers: later the service worker sends it. A
 * `<meta>` cannot say who may frame the page (CSP 3, 3.3), so the page looks for itself (src/ui/main.tsx).
 */
function metaPolicy(): Plugin {
  const content = policy?.split('; ').filter((rule) => !rule.startsWith('frame-ancestors'));
  return {
    name: 'meta-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: content?.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** What all three bundles are made of: the page, the engine's worker, the service worker. */
const packages = bundledPackages();

/**
 * Builds the service worker beside the page, in one file, and tells it which files the page is made of: what the build
 * makes but for wasm, public's own, and the notices, which are written here because this bundle is the last.
 */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const built = Object.values(bundle)
        .filter(({ fileName }) => !fileName.endsWith('.wasm.gz'))
        // A name under assets/ has the hash of its content.
        .map((file) => {
          const content = file.type === 'chunk' ? file.code : file.source;
          return { url: file.fileName, revision: file.fileName.startsWith('assets/') ? null : hash(content) };
        });
      const own = readdirSync('public')
        .filter((name) => !name.startsWith('_') && statSync(join('public', name)).isFile())
        .map((name) => ({ url: name, revision: hash(readFileSync(join('public', name))) }));
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        plugins: [
          packages.plugin(),
          {
            name: 'notices-and-precache',
            generateBundle(_, { [WORKER_FILE]: worker }) {
              const notices = thirdPartyNotices(packages.folders);
              this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source: notices });
              const precached = [...built, ...own, { url: NOTICES_FILE, revision: hash(notices) }];
              const headers = { 'Content-Security-Policy': policy, ...isolation };
              if (worker?.type !== 'chunk') throw new Error('The service worker was not built.');
              worker.code = `self.PRECACHED=${JSON.stringify(precached)};self.HEADERS=${JSON.stringify(headers)};\n${worker.code}`;
            },
          },
        ],
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: 'es2022',
          rollupOptions: {
            input: 'src/pwa/service-worker.ts',
            output: { format: 'iife', entryFileNames: WORKER_FILE },
          },
        },
      });
    },
  };
}

/**
 * What the page shares with the screens that are loaded later: in one file it is 2 kB smaller, gzipped, than in the twenty that it
 * would be in.
 */
const SHARED = new RegExp(
  [
    '/node_modules/(react|zustand|valibot|scheduler)',
    '/src/(protocol|catalog)/',
    '/src/metadata/(safelight|settings/(accept|steering-notes))',
    '/src/state/form/(fields|form-request|mask|pending-files|map-recipe|controls-store|picture-prompts-store)',
    '/src/ui/(texts/(use-texts|text-of)|widgets/Icon)',
    'preload-helper',
  ].join('|'),
);

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [react(), zippedWasm(), metaPolicy(), packages.plugin(), serviceWorker()],
  define: { 'import.meta.env.VERSION': JSON.stringify(packageJson.version) },
  worker: { format: 'es', plugins: () => [packages.plugin()] },
  // What is printed is what was built: how long plugins took is for whoever asks.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { advancedChunks: { groups: [{ name: 'page', test: SHARED }] } },
    },
  },
  server: { headers: isolation },
  preview: { headers: { 'Content-Security-Policy': policy, ...isolation } },
  test: {
    environment: 'node',
    // Limits that a busy machine keeps, too: nothing waits for them.
    testTimeout: 300_000,
    expect: { poll: { timeout: 60_000, interval: 5 } },
    // Every core: what computes here computes in one thread.
    pool: 'threads',
    maxWorkers: availableParallelism(),
    setupFiles: 'build/leave-nothing-behind.ts',
    // Files share a core's modules, onnxruntime above all; those that put others in a module's place cannot.
    projects: [
      {
        extends: true,
        mode,
        test: { name: 'shared', include: ['{src,build}/**/*.test.ts'], exclude: [MOCKING], isolate: false },
      },
      { extends: true, mode, test: { name: 'mocking', include: [MOCKING] } },
    ],
    // The same CPU kernels in the build that onnxruntime-web has for Node.
    alias: { 'onnxruntime-web/wasm': 'onnxruntime-web' },
  },
}));

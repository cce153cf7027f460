import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Cross-origin isolation gives the CPU provider its threads (SharedArrayBuffer). A static host needs the same
// two headers: public/_headers.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 16);

/**
 * Builds the service worker beside the page, in one file, and tells it which files the page is made of: what the build
 * makes but for wasm, and public's own.
 */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const built = Object.values(bundle)
        .filter(({ fileName }) => !fileName.endsWith('.wasm'))
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
        define: { 'self.PRECACHED': JSON.stringify([...built, ...own]) },
        build: {
          outDir: dir,
          emptyOutDir: false,
          target: 'es2022',
          rollupOptions: {
            input: 'src/pwa/service-worker.ts',
            output: { format: 'iife', entryFileNames: 'service-worker.js' },
          },
        },
      });
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), serviceWorker()],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { headers },
  preview: { headers },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    // The same CPU kernels in the build that onnxruntime-web has for Node.
    alias: { 'onnxruntime-web/wasm': 'onnxruntime-web' },
  },
});

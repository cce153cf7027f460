import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Cross-origin isolation gives the CPU provider its threads (SharedArrayBuffer). A static host needs the same
// two headers: public/_headers.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  plugins: [react()],
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

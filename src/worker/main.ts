import { createEngine } from './engine.ts';
import { serve } from './serve.ts';

serve(
  globalThis as unknown as DedicatedWorkerGlobalScope,
  createEngine(new URL(import.meta.env.BASE_URL, modelRoot())),
);

/** The folder of index.html: where the bundled models lie, wherever the app is served. */
function modelRoot(): string {
  return import.meta.env.DEV ? location.origin : new URL(/* @vite-ignore */ '..', import.meta.url).href;
}

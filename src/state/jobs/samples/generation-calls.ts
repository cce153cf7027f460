import { vi } from 'vitest';
import type { Caller } from '../../../client/caller.ts';
import type {
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
} from '../../../protocol/generation.ts';
import { requestWith } from '../../../protocol/samples/sample-request.ts';
import { createGenerationStore } from '../generation-store.ts';
import type { Origin } from '../run.ts';

export const REQUEST = requestWith();

export const CREATE: Origin = { kind: 'create' };

export const RESULT: GenerationResult = { seconds: 1.5 };

export const bitmap = () => ({ width: 12, height: 8, close: vi.fn() });
export const asBitmap = (fake: ReturnType<typeof bitmap>) => fake as unknown as ImageBitmap;

export const denoise = (image: number, step: number, preview = bitmap()): GenerationProgress => ({
  stage: 'denoise',
  pass: 1,
  image,
  step,
  steps: 2,
  secondsLeft: 1,
  preview: asBitmap(preview),
});

export const finished = (image: number, seed: number): GenerationProgress => ({
  stage: 'image',
  image,
  picture: {
    seed,
    texts: { prompt: '', negativePrompt: '', template: null },
    width: 96,
    height: 64,
    png: new Blob([String(seed)], { type: 'image/png' }),
  },
});

/** A store with a client whose calls the test answers. */
export function setup() {
  const calls: {
    name: string;
    params: GenerationRequest;
    signal: AbortSignal;
    send: (event: GenerationProgress) => void;
    resolve: (result: GenerationResult) => void;
    reject: (error: unknown) => void;
  }[] = [];
  const call = (name: string, params: GenerationRequest, options: Parameters<Caller['call']>[2]) =>
    new Promise((resolve, reject) => {
      const send = options?.onProgress as (event: GenerationProgress) => void;
      calls.push({ name, params, signal: options?.signal as AbortSignal, send, resolve, reject });
    });
  const store = createGenerationStore({ call } as unknown as Caller);
  const nth = (i: number) => {
    const made = calls[i];
    if (!made) throw new Error(`call ${i} was not made`);
    return made;
  };
  return { store, state: store.getState, calls, nth };
}

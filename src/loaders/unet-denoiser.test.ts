import { expect, test } from 'vitest';
import { guidanceEmbedding } from './unet-denoiser.ts';

test('LCM’s guidance embedding: LatentConsistencyModelPipeline.get_guidance_scale_embedding(tensor([7.5]), 8)', () => {
  // diffusers 0.42.1, torch 2.15.
  const expected = [
    -0.85123587, 0.56267112, -0.43523303, 0.68163872, -0.52478325, -0.82668084, -0.90031785, 0.73168892,
  ];
  for (const [i, value] of expected.entries()) expect(guidanceEmbedding(7.5, 8)[i]).toBeCloseTo(value, 4);
});

import { expect, test } from 'vitest';
import type { RepoFile } from '../protocol/models.ts';
import { estimateFromFiles } from './memory-estimate.ts';

test('memory is estimated from the largest component, in the precision it will have', () => {
  const sized = (path: string, size: number): RepoFile => ({ path, size, oid: '' });
  const index = sized('model_index.json', 543);
  const half = [
    index,
    sized('unet/diffusion_pytorch_model.fp16.safetensors', 1_719_125_304),
    sized('vae/diffusion_pytorch_model.fp16.safetensors', 167_335_342),
  ];
  const full = [index, sized('unet/diffusion_pytorch_model.safetensors', 3_438_167_540)];
  const single = [sized('v1-5-pruned-emaonly-fp16.safetensors', 2_132_696_762)];
  const config = sized('config.json', 1743);
  const lone = [config, sized('diffusion_pytorch_model.safetensors', 3_438_167_540)];
  // A kind of component that no release has yet.
  const other = [index, sized('transformer/diffusion_pytorch_model.safetensors', 3_438_167_540)];
  for (const files of [half, full, single, lone, other]) {
    // By hand, ± 0.05 GB: 1.72 GB of weights in half precision, one and a half times while they load, and 0.4 GB for the picture.
    expect(estimateFromFiles(files, true) / 1e9).toBeCloseTo(2.97, 1);
    expect(estimateFromFiles(files, false) / 1e9).toBeCloseTo(5.94, 1);
  }
});

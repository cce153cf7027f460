import { expect, test } from 'vitest';
import { readParameters } from './read-parameters.ts';

const no = (name: string) => ({ kind: 'no-counterpart', name });
const read = (said: string) =>
  readParameters(`a\nSteps: 20, CFG scale: 7, Seed: 5, Size: 512x512, ${said}, Model: m`);

test('unknown upscalers count as upscalers of pixels, and steps that are left out as those of the first pass', () => {
  const read = readParameters(
    'a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model: m, Denoising strength: 0.3, Hires upscale: 1.5, Hires upscaler: R-ESRGAN 4x+',
  );
  expect(read?.settings.hires).toEqual({ scale: 1.5, upscaler: 'image', strength: 0.3, steps: 20 });
  expect(read?.notes).toEqual([{ kind: 'other-upscaler', name: 'R-ESRGAN 4x+', upscaler: 'image' }]);
});

test.each([
  ['Size: 512x640, Hires resize: 1024x1280', 512, 640, 2, []],
  ['Size: 512x640, Hires resize: 0x960', 512, 640, 1.5, []],
  ['Size: 512x512, Hires resize: 800x600', 512, 512, undefined, ['Hires resize: 800x600']],
  ['Hires resize: 800x800', undefined, undefined, undefined, ['Hires resize: 800x800']],
  ['Size: 1024x1024, First pass size: 512x512', 512, 512, 2, []],
  // modules/processing.py, old_hires_fix_first_pass_dimensions(1024, 768): 591.2 and 443.4, up to multiples of 64.
  ['Size: 1024x768, First pass size: 0x0', 640, 448, undefined, ['First pass size: 0x0']],
])('a second pass of a size is one of a scale: %s', (size, width, height, scale, names) => {
  const read = readParameters(
    `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Model: m, ${size}, Denoising strength: 0.3, Hires upscaler: Latent`,
  );
  expect(read?.settings.width).toBe(width);
  expect(read?.settings.height).toBe(height);
  expect(read?.settings.hires?.scale).toBe(scale);
  expect(read?.settings.strength).toBeUndefined();
  expect(read?.notes).toEqual([
    ...names.map((name) => ({ kind: 'no-counterpart', name })),
    ...(width === undefined ? ['width', 'height'].map((name) => ({ kind: 'unread', name })) : []),
  ]);
});

test('what a second pass may not have is refused by its own name', () => {
  const hires =
    'a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model: m, Hires upscale: 5, Hires upscaler: Latent';
  expect(readParameters(`${hires}, Denoising strength: 0.4`)?.notes).toEqual([
    { kind: 'refused', name: 'hiresScale', value: '5' },
  ]);
  expect(readParameters(hires.replace('upscale: 5', 'upscale: 2'))?.notes).toEqual([
    { kind: 'unread', name: 'hiresStrength' },
  ]);
});

// vladmandic/automatic, modules/processing_info.py (create_infotext).
test.each([
  ['Hires force: True, Hires upscaler: Lanczos', 'image', []],
  ['Hires force: False, Hires upscaler: Latent', 'latent', []],
  ['Hires force: False, Hires upscaler: ESRGAN', undefined, [no('Upscaler: ESRGAN ×1.5')]],
])('SD.Next’s second pass is read by its names: %s', (said, upscaler, notes) => {
  const found = read(
    `Sampler: Euler, App: SD.Next, Second pass: True, Hires steps: 9, Hires scale: 1.5, Hires size: 768x768, Denoising strength: 0.3, ${said}`,
  );
  expect(found?.settings).not.toHaveProperty('strength');
  expect(found?.settings.hires).toEqual(upscaler ? { scale: 1.5, upscaler, strength: 0.3, steps: 9 } : null);
  expect(found?.notes).toEqual(notes);
});

test('SD.Next says the size of a picture to start from', () => {
  const said = 'Sampler: Euler, App: SD.Next, Init image size: 512x512, Denoising strength: 0.3';
  expect(read(said)?.settings.strength).toBe(0.3);
  expect(read(said)?.notes).toEqual([{ kind: 'began-with-picture' }]);
});

test('an upscaler that is not said is not guessed', () => {
  const found = read('Sampler: Euler, Denoising strength: 0.3, Hires upscale: 2');
  expect(found?.settings.hires).toEqual({ scale: 2, strength: 0.3, steps: 20 });
  expect(found?.notes).toEqual([{ kind: 'unread', name: 'hiresUpscaler' }]);
  const old = read('Sampler: Euler, Denoising strength: 0.7, First pass size: 256x256');
  // use_scale_latent_for_hires_fix was off: the picture was enlarged, by images.resize_image's Lanczos.
  expect(old?.settings.hires).toMatchObject({ scale: 2, upscaler: 'image' });
  expect(old?.notes).toEqual([]);
});

import { expect, test } from 'vitest';
import { kindOf } from './repository-layout.ts';

test.each([
  ['text_encoder', { kind: 'textEncoder', number: 1 }],
  ['text_encoder_2', { kind: 'textEncoder', number: 2 }],
  ['vae', { kind: 'vae', number: 1 }],
  ['unet', { kind: 'denoiser', number: 1 }],
])('%s is reported as %o', (component, reported) => expect(kindOf(component)).toEqual(reported));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeLoraTags } from './lora-tags.ts';

const tag = (name: string, textEncoderWeight: number, unetWeight = textEncoderWeight) => ({
  ...{ name, textEncoderWeight, unetWeight },
});

test.each([
  ['a cat', 'a cat', []],
  ['a cat <lora:style>', 'a cat ', [tag('style', 1)]],
  ['<lora:my style v1.2:0.8>a cat', 'a cat', [tag('my style v1.2', 0.8)]],
  ['a <lora:x:-0.5:1.25> cat <lora:y:.3>', 'a  cat ', [tag('x', -0.5, 1.25), tag('y', 0.3)]],
  ['<lora:x:1> <lora:x:0.2>', ' ', [tag('x', 1)]],
  ['<lora:x:0>', '', [tag('x', 0)]],
  ['<lora:x:strong>', '<lora:x:strong>', []],
  ['<lora:x:1-2>', '<lora:x:1-2>', []],
  ['<lora:> <lora::1> <lora', '<lora:> <lora::1> <lora', []],
  ['(<lora:x:1>:1.2)', '(:1.2)', [tag('x', 1)]],
])('the tags of “%s” are taken out of the prompt', (prompt, text, loras) => {
  expect(takeLoraTags(prompt)).toEqual({ text, loras });
});

test('any name and any weights are read as they were written', () => {
  const name = fc.stringMatching(/^[^:<>]{1,40}$/);
  const weight = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);
  fc.assert(
    fc.property(name, weight, weight, (name, te, unet) => {
      expect(takeLoraTags(`a <lora:${name}:${te}:${unet}> b`)).toEqual({
        text: 'a  b',
        loras: [tag(name, te, unet)],
      });
    }),
  );
});

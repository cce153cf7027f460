import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeLoraTags } from './lora-tags.ts';

const lora = (name: string, textEncoderWeight: number, unetWeight = textEncoderWeight) => ({
  ...{ name, textEncoderWeight, unetWeight },
});

// The weights are those of activate() in A1111's extensions-builtin/Lora/extra_networks_lora.py.
test.each([
  ['a cat', 'a cat', []],
  ['a cat <lora:style>', 'a cat ', [lora('style', 1)]],
  ['<lora:my style v1.2:0.8>a cat', 'a cat', [lora('my style v1.2', 0.8)]],
  ['a <lora:x:-0.5:1.25> cat <lora:y:.3>', 'a  cat ', [lora('x', -0.5, 1.25), lora('y', 0.3)]],
  ['<lora:x:0>', '', [lora('x', 0)]],
  ['<lora:x: 0.5 >', '', [lora('x', 0.5)]],
  ['<lora:x:1.:1e-1>', '', [lora('x', 1, 0.1)]],
  ['(<lora:x:1>:1.2)', '(:1.2)', [lora('x', 1)]],
  ['<lora:x:te=0.5>', '', [lora('x', 0.5)]],
  ['<lora:x:unet=0.5>', '', [lora('x', 1, 0.5)]],
  ['<lora:x:te=0:unet=0.7>', '', [lora('x', 0, 0.7)]],
  ['<lora:x:unet=0.7:te=0>', '', [lora('x', 0, 0.7)]],
  ['<lora:a=b:0.9>', '', [lora('a=b', 0.9)]],
  ['<lora:x:1:0.5:te=0>', '', [lora('x', 0, 0.5)]],
  ['<lora:x:te=0.1:te=0.2>', '', [lora('x', 0.2)]],
  ['<lyco:x:0.4:0.6> a', ' a', [lora('x', 0.4, 0.6)]],
])('the tags of “%s” are taken out of the prompt', (prompt, text, loras) => {
  expect(takeLoraTags(prompt)).toEqual({ text, loras, notes: [] });
});

test.each([
  ['a <lora:> b', 'a <lora:> b', [], []],
  ['1 < 2: a <lora', '1 < 2: a <lora', [], []],
  ['a <hypernet:x:1> b', 'a  b', [], [{ kind: 'no-lora' }]],
  ['<スタイル:x>', '', [], [{ kind: 'no-lora' }]],
  ['<lora:x:strong>', '', [], [{ kind: 'no-weight' }]],
  ['<lora:x:0,8>', '', [], [{ kind: 'no-weight' }]],
  ['<lora:x:0x1>', '', [], [{ kind: 'no-weight' }]],
  ['<lora:x:>', '', [], [{ kind: 'no-weight' }]],
  ['<lora::1>', '', [], [{ kind: 'no-weight' }]],
  ['<lora:x:1:IN02>', '', [], [{ kind: 'no-weight' }]],
  ['<lora:x:0.8:lbw=OUTD>', '', [lora('x', 0.8)], [{ kind: 'in-part', ignored: 'lbw=OUTD' }]],
  ['<lora:x:1:1:8>', '', [lora('x', 1)], [{ kind: 'in-part', ignored: '8' }]],
  [
    '<lyco:x:1:0.5:dyn=13:stop=10>',
    '',
    [lora('x', 1, 0.5)],
    [{ kind: 'in-part', ignored: 'dyn=13:stop=10' }],
  ],
])('what “%s” asks for and does not get is noted', (prompt, text, loras, notes) => {
  const tag = /<[^<>]+>/.exec(prompt)?.[0];
  expect(takeLoraTags(prompt)).toEqual({ text, loras, notes: notes.map((note) => ({ ...note, tag })) });
});

test('of two tags with one name the first counts, and the other is noted', () => {
  expect(takeLoraTags('<lora:x:1> <lyco:x:0.2>')).toEqual({
    text: ' ',
    loras: [lora('x', 1)],
    notes: [{ kind: 'named-twice', tag: '<lyco:x:0.2>' }],
  });
});

test('any name and any weights are read as they were written', () => {
  const name = fc.stringMatching(/^[^:<>]{1,40}$/);
  const weight = fc.integer({ min: -200, max: 200 }).map((hundredths) => hundredths / 100);
  fc.assert(
    fc.property(name, weight, weight, (name, te, unet) => {
      expect(takeLoraTags(`a <lora:${name}:${te}:${unet}> b`)).toEqual({
        text: 'a  b',
        loras: [lora(name, te, unet)],
        notes: [],
      });
    }),
  );
});

test('whatever is in angle brackets is either applied or said, and never twice', () => {
  const tag = fc
    .tuple(
      fc.constantFrom('lora', 'lyco', 'hypernet', 'x1'),
      fc.array(fc.constantFrom('a', 'b', '1', '0.5', 'te=1', 'unet=x', 'dyn=2', '', '=', 'lbw=1,0'), {
        minLength: 1,
        maxLength: 5,
      }),
    )
    .map(([kind, items]) => `<${kind}:${items.join(':')}>`);
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 6 }), (tags) => {
      const { text, loras, notes } = takeLoraTags(tags.join('|'));
      const taken = tags.length - (text.match(/</g)?.length ?? 0);
      const inPart = notes.filter(({ kind }) => kind === 'in-part').length;
      expect(loras.length + notes.length - inPart).toBe(taken);
    }),
  );
});

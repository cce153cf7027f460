import { expect, test } from 'vitest';
import { node, read } from './comfyui/samples/sample-graph.ts';
import { asPrompt } from './comfyui/syntax.ts';
import { compelNotes, compelPrompt } from './tools/compel.ts';
import { readDrawThingsJson } from './tools/draw-things.ts';
import { readEasyJson } from './tools/easy-diffusion.ts';

// What token_weights of ComfyUI's comfy/sd1_clip.py gives, as texts and weights, stands beside the prompts of ComfyUI.

test.each([
  ['(cat:1.4) (dog)', '(cat:1.4) (dog)'],
  ['((a)) b', '((a)) b'],
  // a: 1.2, b: 1.5.
  ['((a:1.2) b:1.5)', '(a:1.2)( b:1.5)'],
  // a: 1.2.
  ['((a:1.2))', '(a:1.2)'],
  // b: 1.1 · 1.5.
  ['(a (b):1.5)', '(a :1.5)((b:1.5))'],
  // (a cat: 1; a bracket that is not closed is a word.
  ['(a cat', '\\(a cat'],
  // a) (b:1.2): 1.
  ['a) (b:1.2)', 'a\\) \\(b:1.2\\)'],
  // 16: 9, as there.
  ['(16:9)', '(16:9)'],
  ['(a:b)', '(a:b)'],
  ['\\(a\\) [b:c:0.5] [d|e]', '\\(a\\) \\[b:c:0.5\\] \\[d|e\\]'],
  // A backslash escapes round brackets only.
  ['a\\b \\[c\\]', 'a\\\\b \\\\\\[c\\\\\\]'],
  ['BREAK BREAKFAST <lora:abc:1> a<b', 'break BREAKFAST < lora:abc:1> a<b'],
  ['embedding:easynegative.pt', 'easynegative'],
])('%s in ComfyUI is %s here', (text, prompt) => {
  expect(asPrompt(text)).toBe(prompt);
});

test('long texts and deep brackets end soon', () => {
  const start = performance.now();
  asPrompt('('.repeat(10_000) + ')'.repeat(10_000));
  asPrompt(`${'('.repeat(100)}${'a'.repeat(19_000)}${')'.repeat(100)}`);
  asPrompt('()'.repeat(10_000));
  expect(performance.now() - start, 'milliseconds').toBeLessThan(20_000);
});

test('weights are noted, since ComfyUI applies them from the empty prompt', () => {
  const text = (words: string) => read({ '6': node('CLIPTextEncode', { text: words, clip: ['4', 1] }) });
  expect(text('(cat:1.4) BREAK <lora:abc:1>')).toMatchObject({
    settings: { prompt: '(cat:1.4) break < lora:abc:1>' },
    notes: [{ kind: 'other-emphasis' }],
  });
  expect(text('(cat:1.4)')?.settings).not.toHaveProperty('emphasis');
  expect(text('\\(cat\\)')?.notes).toEqual([]);
});

// The texts and weights are those of compel 2.5.1's PromptParser().parse_conjunction.
test.each([
  ['a\\[b', 'a\\\\\\[b', []],
  ['a (red) cat [dog|bird] [x:y:0.5]', 'a red cat \\[dog|bird\\] \\[x:y:0.5\\]', []],
  ['((a) b) \\(c\\) d) e', 'a b \\(c\\) d\\) e', []],
  ['BREAK <lora:a:1>', 'break < lora:a:1>', []],
  ['(snow)1.3 [a]', '\\(snow\\)1.3 \\[a\\]', ['Compel']],
  ['(snow)- cat', '\\(snow\\)- cat', ['Compel']],
  ['cat+++, dog', 'cat+++, dog', ['Compel']],
  ['a black-haired cat - a dog', 'a black-haired cat - a dog', []],
])('%s in Compel is %s here', (text, prompt, names) => {
  expect(compelPrompt(text)).toBe(prompt);
  expect(compelNotes(text).map((note) => 'name' in note && note.name)).toEqual(names);
});

test('Easy Diffusion reads Compel’s brackets with diffusers, and A1111’s with Forge', () => {
  const said = {
    prompt: 'a (red) cat [b]',
    num_inference_steps: 20,
    guidance_scale: 7,
    sampler_name: 'euler',
    use_stable_diffusion_model: 'a',
    use_vae_model: '',
  };
  expect(readEasyJson(said)?.settings.prompt).toBe('a red cat \\[b\\]');
  expect(readEasyJson({ ...said, scheduler_name: 'karras' })?.settings.prompt).toBe('a (red) cat [b]');
});

test('Draw Things’ square brackets only weigh, and nothing escapes its brackets', () => {
  const read = (c: string) => readDrawThingsJson({ c, uc: '', scale: 7 });
  expect(read('[dog|bird] [x:y:0.5] (a)')?.settings.prompt).toBe(
    '(dog|bird:0.909091) (x:y:0.5:0.909091) (a)',
  );
  expect(read('a\\b')?.settings.prompt).toBe('a\\\\b');
  expect(read(']a[')?.settings.prompt).toBe('\\]a\\[');
  expect(read('(a)')?.notes).toContainEqual({ kind: 'unread', name: 'emphasis' });
  expect(read('a')?.notes).not.toContainEqual({ kind: 'unread', name: 'emphasis' });
});

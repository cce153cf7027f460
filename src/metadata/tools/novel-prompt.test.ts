import { expect, test } from 'vitest';
import { novelPrompt } from './novel-prompt.ts';
import { readNovelComment } from './novelai.ts';

// docs.novelai.net, Strengthening & Weakening: `{}`, `[]` and numerical emphasis, `1.5::rain, night::`.
test.each([
  ['1.2::artist:wlop::, {cat}, -1::dog ::', '(artist:wlop:1.2), (cat:1.05), (dog :-1)'],
  ['1.5::rain, night::, a, .5::b::', '(rain, night:1.5), a, (b:.5)'],
  ['1.2::year 2024::, no text', '(year 2024:1.2), no text'],
  ['{1.2::hat::}, [[b]] (c)', '((hat:1.2):1.05), ((b:0.952381):0.952381) \\(c\\)'],
  ['a: b, c', 'a: b, c'],
])('%s is %s', (text, prompt) => {
  expect(novelPrompt(text)).toEqual({ prompt, notes: [] });
});

test.each([
  // Nested, left open, without a weight, without words.
  ['1.2::a, 0.8::b::', '1.2::a, 0.8::b::', '::'],
  ['1.2::a, 0.8::b, 0.5::c::', '1.2::a, 0.8::b, 0.5::c::', '::'],
  ['1.2::a', '1.2::a', '::'],
  ['std::vector::', 'std::vector::', '::'],
  ['x1.2::a::', 'x1.2::a::', '::'],
  ['1.2:: ::', '1.2:: ::', '::'],
  ['{{a}, [b]', '{{a}, (b:0.952381)', '{'],
  // A square bracket left as it is would be a weight here.
  ['{a}, b]] [', '(a:1.05), b\\]\\] \\[', '['],
])('%s stays as words, and is named', (text, prompt, name) => {
  expect(novelPrompt(text)).toEqual({ prompt, notes: [{ kind: 'other-syntax', name }] });
});

test('a long prompt of colons and numbers is read at once', () => {
  const start = performance.now();
  for (const part of ['1::', '1.1', '::', '1::a::', '{', '-']) novelPrompt(part.repeat(20_000 / part.length));
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('both prompts of a picture are read like this', () => {
  const caption = (base_caption: string) => ({ caption: { base_caption } });
  const comment = {
    ...{ steps: 28, scale: 5, sampler: 'k_euler', noise_schedule: 'native', seed: 1, width: 64, height: 64 },
    ...{ v4_prompt: caption('1.2::artist:wlop::'), v4_negative_prompt: caption('1.2::bad, {worse') },
  };
  const read = readNovelComment(JSON.stringify(comment), 'NovelAI Diffusion V4.5');
  expect(read?.settings).toMatchObject({ prompt: '(artist:wlop:1.2)', negativePrompt: '1.2::bad, {worse' });
  expect(read?.notes).toEqual([
    { kind: 'other-syntax', name: '::' },
    { kind: 'other-syntax', name: '{' },
    { kind: 'unread', name: 'emphasis' },
    { kind: 'unread', name: 'noise' },
  ]);
});

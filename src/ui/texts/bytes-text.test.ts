import { expect, test } from 'vitest';
import { durationText } from './bytes-text.ts';
import { en } from './en.ts';
import { secondsText } from './progress-text.ts';

test.each([
  [0.2, '1 s'],
  [59.6, '1 min'],
  [89, '1 min 29 s'],
  [172, '2 min 52 s'],
  [599, '9 min 59 s'],
  [750, '13 min'],
  [3599, '1 h'],
  [11_400, '3 h 10 min'],
])('about %d s is %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('how long something took has the form of how long it takes', () => {
  for (const seconds of [12, 59, 61, 172, 599])
    expect(secondsText(en.progress, seconds)).toBe(durationText(seconds));
});

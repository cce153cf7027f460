import { expect, test } from 'vitest';
import type { ControlSettings } from '../../protocol/control.ts';
import type { Language } from '../../state/page/language-store.ts';
import { LAYER_TEXTS } from './layer-texts.ts';
import { steeringFacts } from './steering-facts.ts';

test('each layer and each picture prompt is told, without what is usual', () => {
  const layer: ControlSettings = {
    ...{ model: 'owner/canny-sd15', preprocessor: 'canny', controlMode: null, scale: 0.8 },
    ...{ start: 0, end: 1, isGuess: false },
  };
  const prompt = { adapter: 'owner/ip', scale: 1, parts: 'all', pictureCount: 1 } as const;
  const steering = {
    controls: [layer, { ...layer, start: 0.25, isGuess: true }, { ...layer, controlMode: 1 }],
    picturePrompts: [prompt, { ...prompt, parts: 'style', pictureCount: 2 } as const],
  };
  const facts = (language: Language) =>
    steeringFacts(language, steering).map(({ label, value }) => `${label}: ${value}`);
  expect(facts('en')).toEqual([
    'Control layer 1: canny-sd15 · Edges (Canny) · strength 0.8',
    `Control layer 2: canny-sd15 · Edges (Canny) · strength 0.8 · from 0.25 to 1 of the run · ${LAYER_TEXTS.en.guess}`,
    'Control layer 3: canny-sd15 · Edges (Canny) · depth · strength 0.8',
    'Picture prompt 1: ip · strength 1',
    'Picture prompt 2: ip · strength 1 · Style only · 2 pictures',
  ]);
  expect(facts('de')[0]).toBe('Kontrollebene 1: canny-sd15 · Kanten (Canny) · Stärke 0,8');
  expect(steeringFacts('en', {})).toEqual([]);
});

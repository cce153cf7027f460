import { modelLabel } from '../../catalog/models.ts';
import { UNION_PURPOSES } from '../../protocol/control-facts.ts';
import type { RequestSettings } from '../../protocol/picture-settings.ts';
import type { Language } from '../../state/page/language-store.ts';
import { CONTROL_TEXTS } from './control-texts.ts';
import { LAYER_TEXTS } from './layer-texts.ts';
import { PICTURE_PROMPT_TEXTS } from './picture-prompt-texts.ts';
import type { SettingFact } from './settings-text.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  strength: (value: string) => `strength ${value}`,
  part: (start: string, end: string) => `from ${start} to ${end} of the run`,
  pictures: (count: number) => `${count} pictures`,
};

const de: typeof en = {
  strength: (value) => `Stärke ${value}`,
  part: (start, end) => `von ${start} bis ${end} des Laufs`,
  pictures: (count) => `${count} Bilder`,
};

const TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

/** Which kind of map a ControlNet Union was given. */
function unionWords(language: Language, controlMode: number | null): readonly string[] {
  const purposes = controlMode === null ? [] : (UNION_PURPOSES[controlMode] ?? []);
  const words = purposes.map((purpose) => CONTROL_TEXTS[language].purposes[purpose]);
  return words.length > 0 ? [words.join(', ')] : [];
}

/** Each layer and each picture prompt in words, without what is usual: “canny · Edges (Canny) · strength 0.8”. */
export function steeringFacts(
  language: Language,
  { controls = [], picturePrompts = [] }: Pick<RequestSettings, 'controls' | 'picturePrompts'>,
): SettingFact[] {
  const [texts, words, ofPrompts] = [TEXTS[language], LAYER_TEXTS[language], PICTURE_PROMPT_TEXTS[language]];
  const number = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 4 });
  const layers = controls.map(({ model, preprocessor, controlMode, scale, start, end, isGuess }, i) => ({
    name: `control ${i}`,
    label: words.layer(i + 1),
    value: [
      modelLabel(model),
      words.kinds[preprocessor],
      ...unionWords(language, controlMode),
      texts.strength(number(scale)),
      ...(start === 0 && end === 1 ? [] : [texts.part(number(start), number(end))]),
      ...(isGuess ? [words.guess] : []),
    ].join(' · '),
  }));
  const prompts = picturePrompts.map(({ adapter, scale, parts, pictureCount }, i) => ({
    name: `picture prompt ${i}`,
    label: ofPrompts.prompt(i + 1),
    value: [
      modelLabel(adapter),
      texts.strength(number(scale)),
      ...(parts === 'all' ? [] : [ofPrompts.partNames[parts]]),
      ...(pictureCount === 1 ? [] : [texts.pictures(pictureCount)]),
    ].join(' · '),
  }));
  return [...layers, ...prompts];
}

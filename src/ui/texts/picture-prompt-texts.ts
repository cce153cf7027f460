import type { IpAdapterParts } from '../../protocol/control.ts';
import type { PicturePromptFault } from '../../state/form/picture-prompts.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  about: 'A picture prompt shows the model a picture. What is painted takes after it, and after the words.',
  add: 'Add a picture prompt',
  prompt: (number: number) => `Picture prompt ${number}`,
  use: 'Use this picture prompt',
  remove: (number: number) => `Remove picture prompt ${number}`,
  pictures: 'Pictures',
  full: 'It shows as many pictures as it can: 16.',
  hide: (number: number) => `Remove picture ${number}`,
  adapter: 'IP-Adapter',
  noAdapter: 'Choose…',
  toModels: 'Models',
  strength: 'Picture strength',
  parts: 'What it takes over',
  partNames: {
    all: 'Everything',
    style: 'Style only',
    layout: 'Layout only',
    'style-and-layout': 'Style and layout',
  } satisfies Record<IpAdapterParts, string> as Record<IpAdapterParts, string>,
  faults: {
    'no-picture': () => 'It shows no picture yet. Choose one, or switch it off.',
    'not-steered': (_, model) =>
      `There are no IP-Adapters for ${model}. Choose a Stable Diffusion model above, or switch it off.`,
    'fixed-graph': (_, model) =>
      `${model} is in ONNX: its graphs are fixed, and read no pictures. Choose a model with safetensors files, or switch it off.`,
    'no-adapter': () => 'Choose an IP-Adapter.',
    'adapter-gone': (adapter) => `${adapter} is not on this device. Choose another, or get it under Models.`,
    'other-family': (adapter, model) =>
      `${adapter} was made for another kind of model than ${model}. Choose one that fits.`,
    'with-gate': () =>
      'T-GATE does not work together with picture prompts. Set the T-GATE step to 0, or switch it off.',
    'too-many': () => 'At most 8 picture prompts count in a run. Switch one of them off.',
  } satisfies Record<PicturePromptFault, (adapter: string, model: string) => string> as Record<
    PicturePromptFault,
    (adapter: string, model: string) => string
  >,
  noneHere: (model: string) => `No IP-Adapter for ${model} is on this device. One is added under Models.`,
};

type PicturePromptTexts = typeof en;

const de: PicturePromptTexts = {
  about:
    'Ein Bild-Prompt zeigt dem Modell ein Bild. Was gemalt wird, richtet sich danach und nach den Wörtern.',
  add: 'Bild-Prompt hinzufügen',
  prompt: (number) => `Bild-Prompt ${number}`,
  use: 'Diesen Bild-Prompt verwenden',
  remove: (number) => `Bild-Prompt ${number} entfernen`,
  pictures: 'Bilder',
  full: 'Er zeigt so viele Bilder, wie er kann: 16.',
  hide: (number) => `Bild ${number} entfernen`,
  adapter: 'IP-Adapter',
  noAdapter: 'Wählen …',
  toModels: 'Modelle',
  strength: 'Stärke des Bildes',
  parts: 'Was es übernimmt',
  partNames: {
    all: 'Alles',
    style: 'Nur den Stil',
    layout: 'Nur den Aufbau',
    'style-and-layout': 'Stil und Aufbau',
  },
  faults: {
    'no-picture': () => 'Er zeigt noch kein Bild. Eines wählen oder ihn ausschalten.',
    'not-steered': (_, model) =>
      `Für ${model} gibt es keine IP-Adapter. Oben ein Stable-Diffusion-Modell wählen oder ihn ausschalten.`,
    'fixed-graph': (_, model) =>
      `${model} liegt in ONNX vor: Seine Graphen sind fest und lesen keine Bilder. Ein Modell mit safetensors-Dateien wählen oder ihn ausschalten.`,
    'no-adapter': () => 'Einen IP-Adapter wählen.',
    'adapter-gone': (adapter) =>
      `${adapter} ist nicht auf diesem Gerät. Einen anderen wählen oder ihn unter Modelle laden.`,
    'other-family': (adapter, model) =>
      `${adapter} wurde für eine andere Art von Modell gemacht als ${model}. Einen wählen, der passt.`,
    'with-gate': () =>
      'T-GATE geht nicht zusammen mit Bild-Prompts. Den T-GATE-Schritt auf 0 stellen oder ihn ausschalten.',
    'too-many': () => 'In einem Lauf zählen höchstens 8 Bild-Prompts. Einen davon ausschalten.',
  },
  noneHere: (model) =>
    `Für ${model} ist kein IP-Adapter auf diesem Gerät. Einer wird unter Modelle hinzugefügt.`,
};

/** The words of picture prompts. */
export const PICTURE_PROMPT_TEXTS: Readonly<Record<Language, PicturePromptTexts>> = { en, de };

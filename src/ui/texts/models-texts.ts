import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  groups: {
    paint: 'To paint with',
    steer: 'To steer with',
    enlarge: 'To enlarge with',
    parts: 'Parts of models',
  },
  addOns: 'LoRAs and embeddings',
  noAddOns:
    'None yet. LoRAs are added below, from the Hub or from disk; embeddings under Advanced, beside the prompt.',
  embedding: 'an embedding',
  inUse: 'In use',
  addToPrompt: 'Add to prompt',
  remove: 'Remove',
  samples:
    'Beside each stands the last picture made with it here, a favourite first, or the one in its own file. None is fetched from elsewhere.',
  memory: 'Memory of this device',
  memoryFilled: (kinds: number) =>
    `${kinds === 1 ? 'One kind of picture has' : `${kinds} kinds of pictures have`} filled it: a model at a size. Safelight begins these with less now, which may be slower. Forget it if another program took the room then.`,
  forgetMemory: 'Forget it',
  memoryForgotten: 'Forgotten: the next pictures begin with all they can use.',
};

const de: typeof en = {
  groups: {
    paint: 'Zum Malen',
    steer: 'Zum Steuern',
    enlarge: 'Zum Vergrößern',
    parts: 'Teile von Modellen',
  },
  addOns: 'LoRAs und Embeddings',
  noAddOns:
    'Noch keine. LoRAs lassen sich unten hinzufügen, aus dem Hub oder von der Festplatte; Embeddings in „Erweitert“ neben dem Prompt.',
  embedding: 'ein Embedding',
  inUse: 'In Gebrauch',
  addToPrompt: 'In den Prompt',
  remove: 'Entfernen',
  samples:
    'Neben jedem steht das letzte Bild, das hier damit entstand, ein Favorit zuerst, oder das in seiner eigenen Datei. Von anderswo wird keines geholt.',
  memory: 'Speicher dieses Geräts',
  memoryFilled: (kinds) =>
    `${kinds === 1 ? 'Eine Art von Bild hat' : `${kinds} Arten von Bildern haben`} ihn gefüllt: ein Modell bei einer Größe. Safelight fängt sie seither mit weniger an, was langsamer sein kann. Vergessen, wenn damals ein anderes Programm den Platz belegte.`,
  forgetMemory: 'Vergessen',
  memoryForgotten: 'Vergessen: Die nächsten Bilder fangen wieder mit allem an, was sie brauchen können.',
};

/** The words of the Models screen that are in no other place. */
export const MODELS_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

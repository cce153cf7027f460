import type { Texts } from './en.ts';

/** Every word of the interface in German. */
export const de: Texts = {
  app: {
    screens: { create: 'Malen', experiments: 'Versuche', gallery: 'Galerie', models: 'Modelle' },
    screensLabel: 'Ansichten',
    createLabel: 'Ein Bild malen',
    updateReady: 'Eine neue Version von Safelight ist da.',
    reload: 'Neu laden',
    downloaded: (percent) => `${percent} % geladen`,
    deviceUnknown: 'Gerät unbekannt',
    lookingForGpu: 'Sucht eine GPU …',
    language: 'Sprache',
  },
};

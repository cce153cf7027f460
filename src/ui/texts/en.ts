/**
 * Every word of the interface in English, by screen. Texts that hold a number or a name are functions of it. What people
 * type or search for elsewhere (CFG, VAE, names of samplers and models) has its own name in every language.
 */
export const en = {
  app: {
    screens: { create: 'Create', experiments: 'Experiments', gallery: 'Gallery', models: 'Models' },
    screensLabel: 'Screens',
    createLabel: 'Create a picture',
    updateReady: 'A new version of Safelight is ready.',
    reload: 'Reload',
    downloaded: (percent: number) => `${percent} % downloaded`,
    deviceUnknown: 'Device unknown',
    lookingForGpu: 'Looking for a GPU…',
    language: 'Language',
  },
};

/** What every language says. */
export type Texts = typeof en;

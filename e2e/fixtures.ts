import { test as base, expect } from '@playwright/test';
import { App } from './app.ts';
import { type StaticServer, serve } from './server.mjs';

const DIST = new URL('../dist', import.meta.url).pathname;
const TINY_MODEL = new URL('tiny-model', import.meta.url).pathname;

export interface AppOptions {
  /** The provider of the project. */
  readonly device: 'wasm' | 'webgpu';
  /** The bundled model, or a random one of Stable Diffusion's shape in its place: the same way through the app. */
  readonly model: 'trinket' | 'tiny';
}

interface Fixtures {
  readonly app: App;
  readonly server: StaticServer;
}

/** `app`: the built app in a fresh browser profile; `server`: what it is served from, with nothing wrong yet. */
export const test = base.extend<AppOptions & Fixtures>({
  device: ['wasm', { option: true }],
  model: ['tiny', { option: true }],
  server: async ({ model }, use) => {
    const server = await serve(DIST, model === 'tiny' ? { '/models/trinket': TINY_MODEL } : {});
    await use(server);
    await server.close();
  },
  app: async ({ page, server, device }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
    await use(await App.create(page, server.url, device));
    expect(errors, 'uncaught errors on the page').toEqual([]);
  },
});

export { expect };

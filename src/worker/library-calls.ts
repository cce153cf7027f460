import type { Library } from '../hub/library.ts';
import { migrateModels } from '../hub/migrate-models.ts';
import { searchHub } from '../hub/search-hub.ts';
import { findThumbnail, findTriggerWords } from '../loaders/find-loras.ts';
import { importModel, installModel, throttled } from '../loaders/install/install-model.ts';
import { judgeRepo } from '../loaders/install/judge-repo.ts';
import { lookUpModel } from '../loaders/install/look-up-model.ts';
import { quantizeModel } from '../loaders/install/quantize-model.ts';
import { isPreviewVae } from '../loaders/model-source.ts';
import type { Handlers } from './serve.ts';

/** The calls about models on this device and on the Hub. */
export type LibraryCalls = Pick<
  Handlers,
  | 'listModels'
  | 'searchHub'
  | 'lookUpModel'
  | 'installModel'
  | 'importModel'
  | 'quantizeModel'
  | 'setPrediction'
  | 'readTriggerWords'
  | 'readThumbnail'
  | 'removeModel'
  | 'migrateModels'
>;

/** The calls about the models on this device. */
export function createLibraryCalls(openLibrary: () => Promise<Library>): LibraryCalls {
  return {
    async listModels() {
      const library = await openLibrary();
      const models = await library.list();
      const previewVaes = models.filter(isPreviewVae).map(({ id }) => id);
      return { models, previewVaes, storage: await library.report() };
    },

    async searchHub({ words, access }, { signal, waits }) {
      // For the server alone, which has a clock of its own.
      waits(true);
      return (await searchHub(access, words, signal)).map(judgeRepo);
    },

    async lookUpModel({ name, access, preferHalf }, { signal, waits }) {
      // For the server alone, which has a clock of its own.
      waits(true);
      return lookUpModel(await openLibrary(), name, access, preferHalf, signal);
    },

    async installModel({ model, access }, { signal, waits, progress }) {
      return installModel(await openLibrary(), model, access, { signal, waits, onProgress: progress });
    },

    async importModel({ file, config }, { signal, waits, progress }) {
      return importModel(await openLibrary(), file, config, { signal, waits, onProgress: progress });
    },

    async quantizeModel({ id, bits }, { signal, waits, progress }) {
      const report = throttled(progress);
      return quantizeModel(await openLibrary(), id, bits, {
        signal,
        waits,
        onProgress: (loadedBytes, totalBytes) => report({ loadedBytes, totalBytes, waitSeconds: null }),
      });
    },

    async setPrediction({ id, prediction }) {
      const library = await openLibrary();
      const model = await library.find(id);
      if (model?.facts) await library.put({ ...model, facts: { ...model.facts, prediction } });
      return undefined;
    },

    async readTriggerWords({ id }) {
      return findTriggerWords(await openLibrary(), id);
    },

    async readThumbnail({ id }) {
      return findThumbnail(await openLibrary(), id);
    },

    async removeModel({ id }) {
      await (await openLibrary()).remove(id);
      return undefined;
    },

    async migrateModels(_, { progress }) {
      await migrateModels(progress);
      return undefined;
    },
  };
}

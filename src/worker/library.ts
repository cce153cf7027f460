import { Library } from '../hub/library.ts';
import { importModel, installModel, throttled } from '../loaders/install-model.ts';
import { lookUpModel } from '../loaders/look-up-model.ts';
import { quantizeModel } from '../loaders/quantize-model.ts';
import type { Handlers } from './serve.ts';

type LibraryCalls = Pick<
  Handlers,
  | 'listModels'
  | 'lookUpModel'
  | 'installModel'
  | 'importModel'
  | 'quantizeModel'
  | 'setPrediction'
  | 'removeModel'
>;

/** The calls that look after what lies on this device. */
export function createLibrary(): LibraryCalls {
  let opened: Promise<Library> | undefined;
  /** A browser that refuses once may be asked again. */
  const library = (): Promise<Library> => {
    opened ??= Library.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  return {
    async listModels() {
      const shelf = await library();
      return { models: await shelf.list(), storage: await shelf.report() };
    },

    async lookUpModel({ name, access, preferHalf }, { signal }) {
      return lookUpModel(await library(), name, access, preferHalf, signal);
    },

    async installModel({ model, access }, { signal, progress }) {
      return installModel(await library(), model, access, { signal, onProgress: progress });
    },

    async importModel({ file }, { signal, progress }) {
      return importModel(await library(), file, { signal, onProgress: progress });
    },

    async quantizeModel({ id, bits }, { signal, progress }) {
      const report = throttled(progress);
      return quantizeModel(await library(), id, bits, {
        signal,
        onProgress: (loadedBytes, totalBytes) => report({ loadedBytes, totalBytes, waitSeconds: null }),
      });
    },

    async setPrediction({ id, prediction }) {
      const shelf = await library();
      const model = await shelf.find(id);
      if (model?.facts) await shelf.put({ ...model, facts: { ...model.facts, prediction } });
      return undefined;
    },

    async removeModel({ id }) {
      await (await library()).remove(id);
      return undefined;
    },
  };
}

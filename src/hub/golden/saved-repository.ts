import type { ModelFiles } from '../repo.ts';

/** A repository in a folder, as diffusers saves it. @param schedulerConfig replaces its own */
export function savedRepository(
  has: (path: string) => boolean,
  file: (path: string) => Promise<Blob>,
  schedulerConfig?: unknown,
): ModelFiles {
  return {
    has,
    file,
    json: async (path) =>
      schedulerConfig && path === 'scheduler/scheduler_config.json'
        ? schedulerConfig
        : JSON.parse(await (await file(path)).text()),
  };
}

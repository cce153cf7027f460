import type { ModelFiles } from '../../hub/repo.ts';

/** A repository as diffusers saved it, read from a disk; `schedulerConfig` stands in for its own. */
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

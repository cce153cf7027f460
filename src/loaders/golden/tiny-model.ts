import type { ModelFiles } from '../../hub/repo.ts';

/** What a run of golden/pipeline.py changes in the tiny model. */
export interface ModelChanges {
  readonly scheduler_config?: unknown;
  /** The folder of an AutoencoderTiny that replaces the VAE. */
  readonly vae?: string | undefined;
}

/** The repository e2e/tiny-model. @param read opens a file by its path in the project */
export function tinyModel(
  read: (path: string) => Promise<Blob>,
  { scheduler_config, vae }: ModelChanges = {},
): ModelFiles {
  const moved: Readonly<Record<string, string>> = vae
    ? {
        'vae/config.json': `${vae}/config.json`,
        'vae/diffusion_pytorch_model.safetensors': `${vae}/model.safetensors`,
      }
    : {};
  const file = (path: string) => read(moved[path] ?? `e2e/tiny-model/${path}`);
  const json = async (path: string): Promise<unknown> => JSON.parse(await (await file(path)).text());
  return {
    has: (path) => !/^tokenizer\/(tokenizer|added_tokens)\.json$/.test(path),
    file,
    json: async (path) => {
      if (scheduler_config && path === 'scheduler/scheduler_config.json') return scheduler_config;
      if (!vae || path !== 'model_index.json') return json(path);
      return { ...((await json(path)) as object), vae: ['diffusers', 'AutoencoderTiny'] };
    },
  };
}

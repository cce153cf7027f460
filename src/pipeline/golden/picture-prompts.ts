import { savedRepository } from '../../hub/golden/saved-repository.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { fromRgb } from '../../image/golden/rgb.ts';
import { toGrey } from '../../image/picture.ts';
import type { InitImage } from '../../image/prepare-init-image.ts';
import type { PicturePromptRequest } from '../../loaders/family.ts';
import { tinyModel } from '../../loaders/golden/tiny-model.ts';
import { readImageEncoder } from '../../loaders/ip-adapter/image-encoders.ts';
import { readIpAdapter } from '../../loaders/ip-adapter/ip-adapter-file.ts';
import type { IpAdapterParts } from '../../protocol/control.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { type ControlRun, controlFileOf } from './controls.ts';
import type { ProjectFiles } from './pictures.ts';
import { toRequest } from './runs.ts';

const FOLDER = 'src/pipeline/golden/ip-adapter';

/** A run of golden/ip_adapter.py. */
export interface PicturePromptRun extends Omit<ControlRun, 'controls'> {
  readonly controls?: ControlRun['controls'];
  readonly prompts: readonly {
    readonly adapter: string;
    /** Numbers of examples. */
    readonly pictures: readonly number[];
    readonly scale: number;
    readonly parts?: IpAdapterParts;
  }[];
}

interface Runs {
  readonly runs: readonly PicturePromptRun[];
  /** Of each example: width and height. */
  readonly sizes: readonly (readonly [number, number])[];
}

export async function picturePromptRuns({ read }: ProjectFiles): Promise<Runs> {
  return JSON.parse(await (await read(`${FOLDER}/runs.json`)).text());
}

/** The model of a run: the tiny one, or an SDXL with a UNet of its own. */
export function modelOf(family: string | undefined, { has, read }: ProjectFiles): ModelFiles {
  if (family !== 'xl') return tinyModel(read);
  const at = (path: string) =>
    path.startsWith('unet/') ? `${FOLDER}/xl/${path}` : `src/pipeline/golden/families/sdxl/${path}`;
  return savedRepository(
    (path) => has(at(path)),
    (path) => read(at(path)),
  );
}

const bytes = async (name: string, { read }: ProjectFiles) =>
  new Uint8Array(await (await read(`${FOLDER}/${name}.rgb`)).arrayBuffer());

/** A picture that prompts show. */
export async function examplePicture(i: number, { sizes }: Pick<Runs, 'sizes'>, project: ProjectFiles) {
  return fromRgb(await bytes(`example-${i}`, project), ...(sizes[i] as readonly [number, number]));
}

/** An adapter, by its folder and name. */
export async function adapterOf(name: string, { has, read }: ProjectFiles) {
  const folder = has(`${FOLDER}/models/${name}.safetensors`) ? 'models' : 'sdxl_models';
  return readIpAdapter({ name, hash: name }, await read(`${FOLDER}/${folder}/${name}.safetensors`));
}

/** The encoder of an adapter: one of the two. */
export async function encoderOf(isFirst: boolean, { has, read }: ProjectFiles) {
  const folder = isFirst ? 'models' : 'sdxl_models';
  const at = (path: string) => `${FOLDER}/${folder}/image_encoder/${path}`;
  const files = savedRepository(
    (path) => has(at(path)),
    (path) => read(at(path)),
  );
  return readImageEncoder(folder, files, '');
}

/** The request of a run, and the picture that diffusers makes of it: RGB, row by row. */
export async function picturePromptRequest(
  run: PicturePromptRun,
  i: number,
  runs: Pick<Runs, 'sizes'>,
  project: ProjectFiles,
): Promise<{ readonly request: PipelineRequest; readonly expected: Uint8Array }> {
  const { width, height, strength, mask, hires } = run;
  const picturePrompts: PicturePromptRequest[] = [];
  for (const { adapter, pictures, scale, parts = 'all' } of run.prompts) {
    const file = await adapterOf(adapter, project);
    picturePrompts.push({
      ...{ file, scale, parts },
      encoder: await encoderOf(![28, 32].includes(file.projection.inputWidth), project),
      pictures: await Promise.all(
        pictures.map(async (of) => ({
          picture: await examplePicture(of, runs, project),
          hash: `example ${of}`,
        })),
      ),
    });
  }
  const given = async (name: string) =>
    fromRgb(await bytes(`${name}-${width}x${height}`, project), width, height);
  const image: InitImage | null =
    strength === undefined
      ? null
      : { pixels: await given('picture'), strength, ...(mask && { mask: toGrey(await given('mask')) }) };
  const controls = (run.controls ?? []).map(async ({ net, scale, start, end }) => ({
    file: await controlFileOf('controls', net, project),
    map: await given(`map-${net}`),
    ...{ scale, start, end, isGuess: false, mode: null },
  }));
  const request = {
    ...toRequest(run),
    ...{ controls: await Promise.all(controls), picturePrompts, image },
    hires: hires ? { ...hires, image: null } : null,
  };
  return { request, expected: await bytes(String(i), project) };
}

import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { fromRgb } from '../../image/golden/rgb.ts';
import { toGrey } from '../../image/picture.ts';
import type { InitImage } from '../../image/prepare-init-image.ts';
import {
  type ControlFile,
  readControlFile,
  readControlRepository,
} from '../../loaders/control/control-file.ts';
import type { Control } from '../controls.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import type { PictureRun, ProjectFiles } from './pictures.ts';
import { toRequest } from './runs.ts';

/** A run of golden/controls.py, golden/control_union.py or golden/adapters.py. */
export interface ControlRun extends PictureRun {
  readonly guess?: boolean;
  readonly controls: readonly {
    readonly net: string;
    readonly scale: number;
    readonly start: number;
    readonly end: number;
    /** Of the map of a Union, which is named after it. */
    readonly mode?: number;
    /** Of the map, where it is not the picture's. */
    readonly width?: number;
    readonly height?: number;
  }[];
}

/** Where they are written, in src/pipeline/golden. */
export type ControlSet = 'controls' | 'union' | 'adapters';
const folderOf = (set: ControlSet) => `src/pipeline/golden/${set}`;

export async function controlRuns(set: ControlSet, { read }: ProjectFiles): Promise<readonly ControlRun[]> {
  return JSON.parse(await (await read(`${folderOf(set)}/runs.json`)).text()).runs;
}

/** A ControlNet or T2I-Adapter: a repository, or a file by itself. */
export async function controlFileOf(
  set: ControlSet,
  name: string,
  { has, read }: ProjectFiles,
): Promise<ControlFile> {
  const named = { name, hash: name };
  const file = `${folderOf(set)}/${name}.safetensors`;
  if (has(file)) return readControlFile(named, await read(file));
  const at = (path: string) => `${folderOf(set)}/${name}/${path}`;
  const files = savedRepository(
    (path) => has(at(path)),
    (path) => read(at(path)),
  );
  return readControlRepository(named, files);
}

const bytes = async (set: ControlSet, project: ProjectFiles, name: string) =>
  new Uint8Array(await (await project.read(`${folderOf(set)}/${name}.rgb`)).arrayBuffer());

/** The request of a run, and the picture that diffusers makes of it: RGB, row by row. */
export async function controlRequest(
  set: ControlSet,
  run: ControlRun,
  i: number,
  project: ProjectFiles,
): Promise<{ readonly request: PipelineRequest; readonly expected: Uint8Array }> {
  const picture = async (name: string, width: number, height: number) =>
    fromRgb(await bytes(set, project, `${name}-${width}x${height}`), width, height);
  const controls: Control[] = [];
  for (const {
    net,
    scale,
    start,
    end,
    mode = null,
    width = run.width,
    height = run.height,
  } of run.controls) {
    const map = await picture(`map-${mode ?? net}`, width, height);
    controls.push({
      file: await controlFileOf(set, net, project),
      map,
      scale,
      start,
      end,
      isGuess: run.guess ?? false,
      mode,
    });
  }
  const { width, height, strength, mask, hires } = run;
  const image: InitImage | null =
    strength === undefined
      ? null
      : {
          pixels: await picture('picture', width, height),
          strength,
          ...(mask && { mask: toGrey(await picture('mask', width, height)) }),
        };
  const request = { ...toRequest(run), controls, image, hires: hires ? { ...hires, image: null } : null };
  return { request, expected: await bytes(set, project, String(i)) };
}

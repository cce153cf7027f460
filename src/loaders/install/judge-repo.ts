import { FAMILY_MEMORY_BYTES } from '../../catalog/models.ts';
import { type HubEntry, tagged } from '../../hub/search-hub.ts';
import type { FoundRepo, NotRunHere } from '../../protocol/models.ts';
import { LOADERS } from '../pipelines.ts';
import { isOnlyPickled } from './choose-files.ts';

/** Of other kinds than Stable Diffusion 1, 2 and SDXL: families that a LoRA's author names as its base. */
const OTHER_BASES = /flux|stable-diffusion-3|sd3|qwen-image|z-image|hunyuan|wan2|pixart|kolors|chroma|sana/i;
const SDXL_BASES = /stable-diffusion-xl|sdxl|(^|[-/])xl([-_]|$)|pony|illustrious|noobai/i;
const SD_BASES = /stable-diffusion-(v?1|2)|sd-?v?1-?[45]|sd-turbo/i;

/** What can be told of a repository by the Hub's list alone. What is left open is told by looking it up. */
export function judgeRepo({ id, downloads, licence, isGated, storedBytes, ...more }: HubEntry): FoundRepo {
  const { tags, pipelineClass, paths } = more;
  const base = tagged(tags, 'base_model:adapter:') ?? tagged(tags, 'base_model:');
  const isLora = tags.includes('lora') || tagged(tags, 'base_model:adapter:') !== null;
  const type = isLora ? 'lora' : pipelineClass === null ? null : 'model';
  const notHere = refusedBy(isLora ? null : pipelineClass, isLora ? base : null, paths);
  const family = notHere ? null : isLora ? familyOfBase(base) : familyOf(pipelineClass);
  return {
    ...{ repo: id, downloads, licence, isGated, type, family, storedBytes, notHere },
    base: isLora ? base : null,
    memoryBytes: type === 'model' && family ? FAMILY_MEMORY_BYTES[family] : null,
  };
}

function refusedBy(
  pipelineClass: string | null,
  base: string | null,
  paths: readonly string[] | null,
): NotRunHere | null {
  const files = paths?.map((path) => ({ path })) ?? [];
  if (isOnlyPickled(files) && !files.some(({ path }) => path.endsWith('.onnx')))
    return { kind: 'only-pickles' };
  // Pipelines of people's own are told by their components, when they are looked up.
  if (pipelineClass !== null && !LOADERS.has(pipelineClass) && !/^StableDiffusion(?!3)/.test(pipelineClass))
    return { kind: 'other-pipeline', found: pipelineClass };
  return base !== null && OTHER_BASES.test(base) ? { kind: 'other-base', found: base } : null;
}

/** Of the classes that run; the SDXL refiner shares the class for image to image, so that one is left open. */
function familyOf(pipelineClass: string | null): FoundRepo['family'] {
  if (pipelineClass === null || !LOADERS.has(pipelineClass) || pipelineClass === REFINER) return null;
  return pipelineClass.startsWith('StableDiffusionXL') ? 'sdxl' : 'sd1';
}

const REFINER = 'StableDiffusionXLImg2ImgPipeline';

const familyOfBase = (base: string | null): FoundRepo['family'] =>
  base === null ? null : SDXL_BASES.test(base) ? 'sdxl' : SD_BASES.test(base) ? 'sd1' : null;

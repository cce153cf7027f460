import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Tool } from '../protocol/picture-settings.ts';
import { withPngTexts } from './containers/png-text.ts';
import { readPictureSettings } from './read-picture-settings.ts';

// Pictures as each program writes them, by golden/metadata_tools.py, which names the sources. The expected values are those
// in that script, with each program's meaning.

const GOLDEN = new URL('golden/', import.meta.url);
const bytesOf = (name: string) => readFileSync(new URL(name, GOLDEN));

/** What no tool here says unless it is set. */
const UNSAID = {
  schedule: null,
  ...{ hires: null, clipSkip: 0, eta: 0, guidanceRescale: 0, guidanceStart: 0, guidanceEnd: 1 },
  ...{ cacheInterval: 1, cacheBranchId: 0, gateStep: 0 },
};
const no = (name: string) => ({ kind: 'no-counterpart', name });

async function expectPicture(
  name: string,
  tool: Tool,
  settings: object,
  notes: readonly object[],
): Promise<void> {
  expect(await readPictureSettings(new Blob([bytesOf(name)])), name).toEqual({
    ...{ tool, settings: { ...UNSAID, ...settings }, notes },
  });
}

test.each(['swarmui.png', 'swarmui.jpg'])('%s: ComfyUI’s names, LoRAs in lists', (name) =>
  expectPicture(
    name,
    'SwarmUI',
    {
      prompt: 'a \\[red\\] fox, < alternate:snow, rain> <lora:watercolor:0.8> <lora:detail:0.5>',
      ...{ negativePrompt: 'blurry', model: 'OfficialStableDiffusion/sd_xl_base_1.0', seed: 1822503467 },
      ...{ numInferenceSteps: 24, guidanceScale: 6.5, width: 1152, height: 896, noise: 'cpu', clipSkip: 1 },
      scheduler: 'dpmpp-2m-sde-karras',
    },
    [{ kind: 'other-syntax', name: '<alternate>' }, no('refinercontrolpercentage: 0.2')],
  ));

const FOOOCUS = {
  prompt:
    'a lighthouse, intricate, elegant, cinematic still a lighthouse <lora:sd_xl_offset_example-lora_1.0:0.1>',
  ...{ negativePrompt: 'unrealistic, saturated', model: 'juggernautXL_v8Rundiffusion', noise: 'cpu' },
  ...{ numInferenceSteps: 30, guidanceScale: 4, width: 1152, height: 896, clipSkip: 1 },
  scheduler: 'dpmpp-2m-sde-karras',
  // The lower 32 bits of 4617412530112498763.
  seed: 1724582987,
};

test.each(['fooocus.png', 'fooocus.webp'])('%s: styles as their words', (name) =>
  expectPicture(name, 'Fooocus', FOOOCUS, [no('adm_guidance: (1.5, 0.8, 0.3)'), no('sharpness: 2')]));

test('fooocus-a1111.png: A1111’s text with Fooocus’ schedule, noise and LoRAs', () =>
  expectPicture(...(['fooocus-a1111.png', 'Fooocus', FOOOCUS] as const), [
    no('Sharpness: 2.0'),
    no('ADM Guidance: (1.5, 0.8, 0.3)'),
  ]));

test.each([
  'novelai.png',
  'novelai.webp',
])('%s: braces and brackets of 1.05, parentheses as letters', (name) =>
  expectPicture(
    name,
    'NovelAI',
    {
      prompt: '1girl, ((blue eyes:1.05):1.05), (hat:0.952381), artist \\(style\\), best quality',
      ...{ negativePrompt: 'lowres, (bad:1.05)', model: 'Stable Diffusion XL C1E1DE52', seed: 2586143216 },
      ...{ numInferenceSteps: 28, guidanceScale: 5, width: 832, height: 1216, guidanceRescale: 0.2 },
      scheduler: 'euler-ancestral',
      schedule: 'karras',
    },
    [...[{ kind: 'unread', name: 'emphasis' }, no('sm'), { kind: 'unread', name: 'noise' }]],
  ));

test.each(['draw-things.png', 'draw-things.jpg'])('%s: JSON in XMP', (name) =>
  expectPicture(
    name,
    'Draw Things',
    {
      prompt: 'a "red" barn & a <gate> <lora:watercolor_lora_f16:0.6>',
      ...{ negativePrompt: 'people', model: 'sd_v1.5_f16', seed: 3405691582, scheduler: 'dpmpp-2m' },
      ...{ numInferenceSteps: 20, guidanceScale: 7.5, width: 768, height: 512, clipSkip: 1 },
    },
    [
      { kind: 'other-schedule', name: 'AYS', scheduler: 'dpmpp-2m' },
      ...[no('Seed mode: Scale Alike'), no('sharpness: 0.6')],
    ],
  ));

test.each(['easy-diffusion.png', 'easy-diffusion.jpg'])('%s: a text for each setting, or JSON', (name) =>
  expectPicture(
    name,
    'Easy Diffusion',
    {
      prompt: 'a harbour at dawn <lora:watercolor:0.5> <lora:detail:0.25>',
      ...{ negativePrompt: 'boats', model: 'sd-v1-5', vae: 'vae-ft-mse-840000-ema-pruned', seed: 1903417 },
      ...{ numInferenceSteps: 25, guidanceScale: 7.5, width: 512, height: 768, clipSkip: 1 },
      // sdkit gives it Karras' schedule.
      scheduler: 'dpmpp-2m-karras',
    },
    [no('use_face_correction: GFPGANv1.4'), { kind: 'unread', name: 'noise' }],
  ));

test('invokeai-sdxl.png: a style prompt of its own is named, and dpmpp_2s has no Karras', () =>
  expectPicture(
    'invokeai-sdxl.png',
    'InvokeAI',
    {
      ...{
        prompt: 'a fox, \\(snow\\)1.3',
        negativePrompt: '',
        model: 'Juggernaut XL',
        seed: 77,
        noise: 'gpu',
      },
      ...{ numInferenceSteps: 30, guidanceScale: 5.5, width: 1024, height: 1024, guidanceRescale: 0.7 },
      scheduler: 'dpmpp-2s',
    },
    [
      { kind: 'other-syntax', name: 'Compel' },
      ...['Positive style prompt: ink drawing', 'Seamless tiling', 'dype_preset: auto'].map(no),
    ],
  ));

test('comfyui-sdxl.png: joined texts, a text of its own for each encoder, an end before the last step', () =>
  expectPicture(
    'comfyui-sdxl.png',
    'ComfyUI',
    {
      ...{ prompt: 'an evening sunset, a river', negativePrompt: 'blurry', model: 'sd_xl_base_1.0' },
      ...{ numInferenceSteps: 25, guidanceScale: 8, width: 1024, height: 1024, noise: 'cpu', clipSkip: 1 },
      // The lower 32 bits of 721897303308196.
      ...{ scheduler: 'euler', schedule: 'normal', seed: 3495163812 },
    },
    ['end_at_step: 20', 'text_l: oil painting', 'original_size: 4096×4096', 'target_size: 4096×4096'].map(no),
  ));

test('comfyui-loader.png: a loader that holds the prompts and all else', () =>
  expectPicture(
    'comfyui-loader.png',
    'ComfyUI',
    {
      ...{ prompt: 'a cabin <lora:watercolor:0.7>', negativePrompt: 'people', model: 'dreamshaper_8' },
      ...{ numInferenceSteps: 22, guidanceScale: 7, width: 640, height: 512, noise: 'cpu', clipSkip: 1 },
      ...{ scheduler: 'dpmpp-2m-karras', seed: 5 },
    },
    [],
  ));

test.each(['a1111.avif', 'a1111-exif.png'])('%s: settings in EXIF only', (name) =>
  expectPicture(
    name,
    'A1111',
    {
      ...{ prompt: 'a castle on a hill, (stormy sky:1.2)', negativePrompt: 'blurry, text' },
      ...{ model: 'v1-5-pruned-emaonly', seed: 12345, width: 512, height: 768, noise: 'cpu', clipSkip: 1 },
      ...{ numInferenceSteps: 25, guidanceScale: 6.5, scheduler: 'dpmpp-2m-sde-exponential' },
      emphasis: 'original',
    },
    [],
  ));

test('settings that no reader knows are not passed over', async () => {
  const head = new Blob([bytesOf('swarmui.png')]).slice(0, 33);
  const read = (texts: Record<string, string>) => readPictureSettings(withPngTexts(head, texts));
  expect(await read({ prompt: '{"3": {"class_type": "UnknownSampler", "inputs": {}}}' })).toEqual({
    ...{ tool: 'ComfyUI', settings: {}, notes: [{ kind: 'unreadable' }] },
  });
  expect((await read({ invokeai_metadata: '{"generation_mode": "wan_txt2vid"}' }))?.tool).toBe('InvokeAI');
  expect(await read({ prompt: 'a red apple', Comment: 'made by hand' })).toBeNull();
});

const HEAD = new Blob([bytesOf('swarmui.png')]).slice(0, 33);
const inPng = (texts: Record<string, string>) => readPictureSettings(withPngTexts(HEAD, texts));

// What NovelAI Diffusion V3 writes (github.com/NovelAI/novelai-image-metadata), 0 and 1 being no strength of their own.
test.each([
  [{ uncond_scale: 0, reference_information_extracted: 1, reference_strength: 0 }, []],
  [{ uncond_scale: 1, noise: 0 }, []],
  [{ uncond_scale: 0.5, noise: 0.2 }, [no('uncond_scale: 0.5'), no('noise: 0.2')]],
])('NovelAI’s strength of what is undesired and its added noise are named: %j', async (said, notes) => {
  const comment = {
    ...{ prompt: 'a', uc: 'b', steps: 28, scale: 5, seed: 1, width: 832, height: 1216, ...said },
    ...{ sampler: 'k_euler', noise_schedule: 'native', request_type: 'Img2ImgRequest', strength: 0.6 },
  };
  const found = await inPng({ Software: 'NovelAI', Comment: JSON.stringify(comment) });
  expect(found?.settings.strength).toBe(0.6);
  expect(found?.notes).toEqual([{ kind: 'began-with-picture' }, ...notes, { kind: 'unread', name: 'noise' }]);
});

test('a strength in InvokeAI’s settings of a picture from a prompt says nothing', async () => {
  // features/nodes/util/graph: generation_mode is txt2img, sdxl_txt2img, flux_txt2img …, or img2img and the like.
  const invoke = async (generation_mode: string) =>
    inPng({
      invokeai_metadata: JSON.stringify({
        ...{ generation_mode, positive_prompt: 'a', negative_prompt: '', width: 64, height: 64, seed: 1 },
        ...{ cfg_scale: 7, steps: 9, scheduler: 'euler', model: { name: 'm' }, strength: 0.7 },
      }),
    });
  const plain = await invoke('sdxl_txt2img');
  expect(plain?.settings).not.toHaveProperty('strength');
  expect(plain?.notes).toEqual([]);
  expect((await invoke('sdxl_img2img'))?.settings.strength).toBe(0.7);
});

test('Draw Things’ noise is named where its kind is not said', async () => {
  const said = { c: 'a', uc: '', scale: 7, sampler: 'Euler a', size: '64x64', model: 'm', steps: 9, seed: 1 };
  const drawn = (more: object) =>
    inPng({ Software: 'Draw Things', Comment: JSON.stringify({ ...said, ...more }) });
  expect((await drawn({}))?.notes).toEqual([{ kind: 'unread', name: 'noise' }]);
  expect((await drawn({ seed_mode: 'NVIDIA GPU Compatible' }))?.settings.noise).toBe('gpu');
});

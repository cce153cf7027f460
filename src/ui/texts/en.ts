import type { FastId } from '../../catalog/fast.ts';
import type { GenerationDefaults } from '../../catalog/models.ts';
import type { SchedulerId } from '../../catalog/schedulers.ts';
import { SCHEDULE_LABELS } from '../../catalog/schedules.ts';
import type { AxesFault, AxisKind } from '../../experiments/axes.ts';
import type { NumberLimits } from '../../experiments/values.ts';
import type { GpuFault } from '../../protocol/device.ts';
import type { DownloadFault, ErrorCode, ErrorDetails, Fault } from '../../protocol/errors.ts';
import type { FileKind } from '../../protocol/file-kind.ts';
import type { LoraNote, TagNote } from '../../protocol/generation.ts';
import type { Size } from '../../protocol/placement.ts';
import type { OfflinePart } from '../../state/device/offline-store.ts';
import type { Fields } from '../../state/form/fields.ts';
import type { OfferNote } from '../../state/form/offered-settings.ts';
import type { Expected } from '../../state/form/url.ts';
import type { DraftFault } from '../../state/jobs/axis-draft.ts';
import type { NoticeFact } from '../../state/page/notice-store.ts';
import type { Group } from '../../state/page/panel-store.ts';
import type { Theme } from '../../state/page/theme-store.ts';
import type { Stored } from '../../storage/storage-news.ts';
import { capitalised } from './capitalised.ts';
import { type ErrorPlace, hasChosenFile, hasForm, hasModels, isPainting } from './error-places.ts';
import { settingLabel } from './setting-label.ts';
import type { TextsFor } from './text-of.ts';

/** What happened, and what to do about it. */
export interface ErrorText {
  readonly sentence: string;
  readonly remedy: string;
}

/** How it is tried again in each place, by what is at hand there. */
const AGAIN: Readonly<Record<ErrorPlace, string>> = {
  create: 'press Generate again',
  draw: 'draw another stroke',
  'start-image': 'choose the picture again',
  mask: 'click again',
  embeddings: 'add the file again',
  unsaved: 'download the picture to keep it',
  save: 'save it again',
  queue: 'try again',
  experiments: 'try again',
  gallery: 'try again',
  search: 'search again',
  'look-up': 'look it up again',
  disk: 'open the file again',
  models: 'try again',
  measure: 'measure again',
  upscale: 'upscale the picture again',
  migration: 'try again',
  page: 'reload the page',
};
/** Names of what is on another screen are followed by the screen's. */
const onForm = (place: ErrorPlace) => (hasForm(place) ? '' : ' under Create');
const onModels = (place: ErrorPlace) => (hasModels(place) ? '' : ' under Models');
const device = (place: ErrorPlace) => `Device${onForm(place)}`;
const advanced = (place: ErrorPlace) => `Advanced${onForm(place)}`;
const hubSettings = (place: ErrorPlace) => `“Hub settings”${onModels(place)}`;
/** What to do with a file from disk that is no picture, or no model. */
const OTHER_FILES: Readonly<Record<FileKind, { readonly is: string; readonly remedy: string }>> = {
  empty: { is: 'empty', remedy: 'Download it again.' },
  'web-page': {
    is: 'a web page',
    remedy: 'The site sent a page, perhaps one to sign in, in place of the file: download it again there.',
  },
  'lfs-pointer': {
    is: 'a Git LFS pointer, which only names the file',
    remedy: 'Run “git lfs pull” in its folder, or download the file itself.',
  },
  pickle: {
    is: 'a pickle (.ckpt, .pt, .bin), which can run code',
    remedy: 'Look for a version of it that ends in .safetensors.',
  },
  safetensors: { is: 'a model (.safetensors)', remedy: 'Add it under Models.' },
  gguf: { is: 'a GGUF file', remedy: 'Rename it so that it ends in .gguf, and add it under Models.' },
  zip: { is: 'a zip', remedy: 'Unpack it, and choose the file inside.' },
  archive: { is: 'an archive', remedy: 'Unpack it, and choose the file inside.' },
  picture: { is: 'a picture', remedy: 'Choose the .safetensors file; a picture can be opened under Create.' },
  video: { is: 'a video', remedy: 'Choose another file.' },
  pdf: { is: 'a PDF', remedy: 'Choose another file.' },
  json: { is: 'a text of settings (JSON)', remedy: 'Choose the file that they belong to.' },
};

const STORED: Record<Stored, string> = {
  settings: 'settings',
  picture: 'pictures',
  job: 'the queue',
  experiment: 'experiments',
  file: 'the start picture, control layers, picture prompts and embeddings',
  drawing: 'the drawing',
};
const isStored = (what: string | number): what is Stored => Object.hasOwn(STORED, what);
const megabytes = (bytes: number) =>
  `${(bytes / 1e6).toLocaleString('en', { maximumSignificantDigits: 3 })} MB`;
const some = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** What the model runs on. */
export type Hardware = 'gpu' | 'cpu' | 'unknown';
const HARDWARE: Readonly<Record<Hardware, string>> = {
  gpu: 'your GPU',
  cpu: 'your CPU',
  unknown: 'this machine',
};

const LABELS = {
  seed: 'Seed',
  numInferenceSteps: 'Steps',
  guidanceScale: 'Guidance scale',
  width: 'Width',
  height: 'Height',
  guidanceRescale: 'Guidance rescale',
  guidanceStart: 'Guidance start',
  guidanceEnd: 'Guidance end',
  clipSkip: 'Clip skip',
  emphasis: 'Emphasis',
  strength: 'Strength',
  maskBlur: 'Mask blur',
  eta: 'Eta',
  cacheInterval: 'DeepCache interval',
  cacheBranchId: 'DeepCache branch',
  gateStep: 'T-GATE step',
  hiresScale: 'Upscale by',
  hiresStrength: 'Hires strength',
  hiresSteps: 'Hires steps',
  numImages: 'Pictures',
  prompt: 'Prompt',
  negativePrompt: 'Negative prompt',
  scheduler: 'Sampler',
  schedule: 'Schedule',
  model: 'Model',
  textEncoder: 'Text encoder',
  unet: 'U-Net',
  vae: 'VAE',
  previewVae: 'Previews',
  device: 'Device',
  noise: 'Noise',
  fit: 'Fit',
  hiresUpscaler: 'Hires fix',
  maskedContent: 'Masked content',
  paddingMaskCrop: 'Inpaint area',
  filmstrip: 'Filmstrip',
  memory: 'Memory',
  bits: 'Weights',
} satisfies Record<keyof Fields, string>;

/**
 * Every word of the interface in English, by screen. Texts that hold a number or a name are functions of it. What people
 * type or search for elsewhere (CFG, VAE, names of samplers and models) has its own name in every language.
 */
export const en = {
  about: {
    label: 'About Safelight',
    what: 'Stable Diffusion in a browser tab. Your prompts and pictures stay on this machine.',
    licence: 'Safelight and Trinket are free software under the MIT licence.',
    noticesTitle: 'Licences',
    notices: 'Safelight includes the work of others, each under its own licence.',
    asText: 'Open as plain text (new tab)',
    loading: 'Loading the licences…',
    failed: 'The licences could not be loaded. Check the connection, then open this again.',
    close: 'Close',
  },
  app: {
    screens: {
      create: 'Create',
      draw: 'Draw',
      experiments: 'Experiments',
      gallery: 'Gallery',
      models: 'Models',
    },
    screensLabel: 'Screens',
    createLabel: 'Create a picture',
    updateReady: 'A new version of Safelight is ready.',
    reload: 'Reload',
    framed:
      'Another page shows Safelight in a frame, where it does not run: that page could make you click what you do not mean to.',
    openAlone: 'Open Safelight in a tab of its own',
    downloaded: (percent: number) => `${percent}% downloaded`,
    deviceUnknown: 'Device unknown',
    lookingForGpu: 'Looking for a GPU…',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>,
    notLoaded:
      'This part of Safelight could not be loaded. Check your internet connection, then try again, or reload the page.',
    help: 'Help',
  },
  migration: {
    label: 'New version of Safelight',
    waiting: 'An older version of Safelight is open in another tab or window. Close it to continue.',
    moving:
      'Your pictures, models and settings are being moved to a new place. This happens once; nothing is uploaded.',
    progress: 'Moved',
    progressText: (done: number, total: number) => `${done} of ${total}`,
    failed: 'Not everything could be moved. Nothing is lost: the rest is where it was.',
    tryAgain: 'Try again',
    later: 'Continue, and move the rest next time',
  },
  create: {
    label: 'What to paint',
    mayBeEmpty: 'Optional: without a prompt the model paints freely.',
    tokens: (chunks: string) => `${chunks} tokens`,
    tokensIn: (count: number, chunks: number) => `${count} tokens in ${chunks} chunks`,
    tokensOf: (count: number, room: number) => `${count} of ${room} tokens`,
    aboutTokens: (room: number) => `Tokens: the pieces of words the text encoder reads, ${room} at a time`,
    unnamedTokens: (count: number) =>
      `This model knows ${count === 1 ? 'a word' : `${count} words`} that the tokenizer files on this device do not list. If you downloaded it with Safelight 0.2 or older, look it up again under Models: only the missing file is fetched.`,
    earlier: { prompt: 'Earlier prompts', negativePrompt: 'Earlier negative prompts' },
    styles: 'Styles and wildcards',
    /** A button that is pressed while the field is shown. */
    unfold: (label: string) => `Show the field: ${label}`,
    undoShortcut: 'Ctrl+Z or ⌘+Z',
    generate: 'Generate',
    shortcut: 'Ctrl+Enter or ⌘+Enter',
    waitsItsTurn: 'Adds to the queue (Ctrl+Enter or ⌘+Enter)',
    stop: 'Stop',
    stopping: 'Stopping…',

    settings: 'Settings',
    notHere: (model: string) => `${model} is not on this device. Get it under Models.`,
    moreModels: 'Find more on the Hub, or add one from disk, under Models.',
    unguided: 'At 1 or less, guidance is off.',
    unguidedNegative: 'At 1 or less, guidance is off and the negative prompt is ignored.',
    randomSeed: 'Random seed',
    lockSeed: 'Lock seed',
    seedKept: 'Kept until you unlock it.',
    seedDrawn: 'Used once, then a new one is drawn.',
    shapes: 'Shape',
    shape: (width: number, height: number) =>
      `${width} × ${height} · ${width === height ? 'Square' : width > height ? 'Landscape' : 'Portrait'}`,
    ownShape: 'Another size',
    swapSides: 'Swap width and height',
    keepRatio: 'Keep the ratio',
    trainedAt: (model: string, width: number, height: number) =>
      `${model} was trained at ${width} × ${height}; other sizes may look worse.`,
    filmstrip: 'Decodes the whole picture eight times along the way.',
    hires: 'Painted small first, then enlarged and refined at that size.',
    pixels: (width: number, height: number) => `${width} × ${height} pixels`,
    keepsPicture: (model: string, width: number, height: number, strength: string) =>
      `${model} was trained at ${width} × ${height}: larger than that, a strength of ${strength} or less keeps what is in the picture.`,
    blurredLatents: 'Latent stays blurred at so little; Lanczos is sharp.',
    sameSteps: (steps: string) => `0 means the same as Steps (${steps}).`,

    groups: {
      picture: 'Picture',
      control: 'Control',
      picturePrompts: 'Picture prompts',
      guidance: 'Guidance and steps',
      seed: 'Seed',
      advanced: 'Advanced',
    } satisfies Record<Group, string>,
    layers: (count: number) => (count === 1 ? '1 layer' : `${count} layers`),
    changed: (count: number) => `${count} changed`,
    reset: 'Reset',
    resetTo: (model: string) => `Reset to the defaults of ${model}`,
    notUsual: (count: number, model: string) => `${count} changed from ${model}’s defaults`,
    partsOfRun: 'Fractions of the run: 0 is its start, 1 its end.',
    lastRun: (plan: string) => `Last run: ${plan}`,
    plan: {
      all: 'Everything stays loaded',
      'one-by-one': 'One component loaded at a time',
      inTurn: 'prompt and negative prompt run one after the other',
      tiled: 'the picture is decoded in tiles',
      about: (size: string) => `about ${size}`,
      tooMuch: 'This may exceed the available memory.',
    },
    loras: 'LoRAs',
    add: 'Add',
    addLora: (lora: string) => `Add ${lora} to the prompt`,
    triggerWords: 'Trigger words:',
    aboutLoras: 'In the prompt, <lora:name:0.8> applies one at a strength of 0.8.',
    embeddings: 'Embeddings',
    remove: (embedding: string) => `Remove ${embedding}`,
    addEmbedding: 'Add .safetensors…',
    aboutEmbeddings: 'Textual inversions for this model. To use one, write its file name in the prompt.',

    welcome: (megabytes: number, hardware: Hardware) =>
      `Type something simple and press Generate: a ${megabytes} MB model that came with this page paints it on ${HARDWARE[hardware]}. Nothing leaves this machine.`,
    /** Pictures to press follow. */
    knows: (model: string) =>
      `${model} knows objects, animals, food, faces and plain shapes, in any colour, on any background, small or large, alone or in pairs. It painted these; press one to paint it anew:`,
    whatItKnows: (model: string) => `What ${model} knows`,
    welcomeTo: (model: string, hardware: Hardware) =>
      `Type what you would like to see and press Generate: ${model} paints it on ${HARDWARE[hardware]}. Nothing leaves this machine.`,

    reuseSeed: 'Reuse seed',
    startFrom: 'Start from this',
    download: 'Download',
    moreActions: 'More actions',
    copyImage: 'Copy picture',
    copyParameters: 'Copy parameters',
    copyLink: 'Copy link',
    share: 'Share…',
    divider: 'Divider between the pictures',
    /** How much of two pictures is seen: the left one up to so many percent of the width. */
    dividedAt: (percent: number, left: string, right: string) =>
      `${percent}% ${left}, ${100 - percent}% ${right}`,
  },
  device: {
    /** Of a GPU that ran before, on the easel. */
    gpuFailed: (times: number) =>
      `The CPU is used because the GPU failed${times === 1 ? ' and is gone' : times === 2 ? ' twice' : ` ${times} times`}. If trying it again does not help, reload the page.`,
    tryGpuAgain: 'Try the GPU again',
    cpu: (threads: number) => `CPU · ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    /** After the name of a GPU. */
    byOnnxruntime: '(by onnxruntime, because this GPU computes Safelight’s own kernels wrongly)',
    /** Why the GPU is not taken where nothing was chosen. */
    notTheGpu: {
      'no-webgpu': 'This browser does not support WebGPU.',
      'no-adapter': 'This browser found no usable GPU.',
      software: 'WebGPU runs in software here, which is slower than the CPU.',
      'wrong-numbers': 'This GPU computes wrong results.',
      failed: 'The CPU is used because the GPU failed.',
    } satisfies Record<GpuFault, string>,
  },
  easel: {
    label: 'Picture',
    steppedDown: (bits: number | null) =>
      bits === null || bits === 16
        ? 'The memory was full, so the run was begun again with less; runs of this model at this size will begin so from now on:'
        : `The memory was full, so the run was begun again with the ${bits}-bit copy; runs of this model at this size will begin so from now on:`,
    substitute: (asked: string, used: string) =>
      `This model’s own sampler is ${asked}, which Safelight does not support. ${used} was used instead; another sampler may suit the model better.`,
    tags: 'Tags that were not fully applied:',
    tagNotes: {
      'no-lora': ({ tag }) => `${tag} was ignored: Safelight supports only LoRAs, not this kind of network.`,
      'no-weight': ({ tag }) => `${tag} was ignored: write a name and a number, as in <lora:name:0.8>.`,
      'named-twice': ({ tag }) =>
        `${tag} was ignored: the prompt already names this LoRA, and only its first tag counts.`,
      'in-part': ({ tag, ignored }) =>
        `${tag} was used without “${ignored}”, which Safelight does not support.`,
    } satisfies TextsFor<TagNote>,
    loraNotes: {
      'unused-keys': ({ lora, key, count }) =>
        count === 1
          ? `${lora} was applied without ${key}: this model has no place for it.`
          : `${lora} was applied without ${key} and ${count - 1} more ${count === 2 ? 'key' : 'keys'}: this model has no place for them.`,
      'unknown-strength': ({ lora }) =>
        `The intended strength of ${lora} is unknown: it is in adapter_config.json, which is missing. If the LoRA hardly changes the picture, raise its weight in the prompt, or add both files together under Models.`,
      'unread-strength': ({ lora, pattern }) =>
        `Some parts of ${lora} may be too strong or too weak: Safelight cannot read the pattern ${pattern} in its adapter_config.json. If the picture looks wrong, change the LoRA’s weight in the prompt.`,
    } satisfies TextsFor<LoraNote>,
    /** Beside a picture that the form as it stands would not make. */
    formChanged: 'The form has changed since.',
    madeElsewhere: {
      gallery: 'From the gallery; the form has other settings.',
      experiment: 'From an experiment; the form has other settings.',
    },
    useItsSettings: 'Use its settings',
    refused: 'Ignored in the link:',
    dismiss: 'Dismiss',

    pictureOf: (place: number, total: number) => `Picture ${place} of ${total}`,
    ofSeed: (seed: number) => `Picture of seed ${seed}`,
    developing: (seed: number) => `Seed ${seed}, developing`,
    /** Before a seed, where there is room for it. */
    seed: 'seed',
    placeAndSeed: (place: number, total: number, seed: number) => `${place} of ${total} · seed ${seed}`,
    close: 'Close',
    upscale: (upscaler: string) => `Upscale with ${upscaler}`,
    stopUpscaling: 'Stop upscaling',
    originalSize: 'Original size',
    upscaling: 'Upscaling',
    removeBackground: 'Remove the background',
    removingBackground: 'Removing the background',
    stopRemovingBackground: 'Stop removing the background',
    withBackground: 'With its background',
    percent: (percent: number) => `${percent} percent`,

    filmstrip: (seed: number) => `Filmstrip of seed ${seed}`,
    frame: (step: number) => `After step ${step}`,
    hiresFrame: (step: number) => `After Hires step ${step}`,
    saveStrip: 'Save strip',
    saveGif: 'Save GIF',
    saveVideo: 'Save video',
    saving: 'Saving…',
    notSaved: (reason: string) => `Could not save: ${reason}`,
  },
  errors: {
    codes: {
      'no-webgpu': (_, place) => ({
        sentence: 'This browser does not offer WebGPU to this page.',
        remedy: `Set ${device(place)} to CPU or Automatic.`,
      }),
      'device-lost': (_, place) => ({
        sentence:
          'The GPU was lost: its driver restarted or stopped answering, or the computer went to sleep.',
        remedy: `${capitalised(AGAIN[place])}. If it keeps happening, set ${device(place)} to CPU.`,
      }),
      'out-of-memory': (_, place) => ({
        sentence: 'There is not enough memory.',
        remedy:
          place === 'create' || place === 'queue' || place === 'experiments'
            ? `Choose a smaller Width and Height${onForm(place)}, make an 8-bit copy under Models, or close other tabs.`
            : place === 'upscale'
              ? 'Choose a smaller picture, or an upscaler with a smaller factor, or close other tabs.'
              : 'Close other tabs, then try again.',
      }),
      'wrong-numbers': (_, place) => ({
        sentence: 'The model produced invalid values (NaN), so there is no picture to show.',
        remedy:
          place === 'upscale' || place === 'start-image'
            ? `Set ${device(place)} to CPU.`
            : `Set ${device(place)} to CPU, or try another Sampler or a lower Guidance scale${onForm(place)}.`,
      }),
      'invalid-request': ({ field = '?', found }, place) => {
        const label = settingLabel(LABELS, field);
        if (label === null)
          return {
            sentence: `The request holds a value that Safelight does not accept: ${field}.`,
            remedy: 'Reload the page, then try again.',
          };
        return { sentence: `${label} cannot be ${found}.`, remedy: `Change ${label}${onForm(place)}.` };
      },
      'unsupported-model': () => ({
        sentence: 'Safelight cannot run this model.',
        remedy: 'Choose another model, or reload the page: a newer version of Safelight may run this one.',
      }),
      'unsupported-embedding': (_, place) => ({
        sentence: 'This embedding cannot be used.',
        remedy:
          place === 'embeddings'
            ? 'Add one that was made for this model.'
            : `Remove it in ${advanced(place)}, or add one that was made for this model.`,
      }),
      'unsupported-lora': (_, place) => ({
        sentence: 'This LoRA cannot be used.',
        remedy: `Take it out of the prompt${onForm(place)}, or choose one that was made for this kind of model.`,
      }),
      'unsupported-control': (_, place) => ({
        sentence: 'This control model cannot be used.',
        remedy: hasModels(place)
          ? 'Choose a ControlNet or T2I-Adapter for Stable Diffusion 1, 2 or SDXL.'
          : 'Choose a ControlNet or T2I-Adapter that was made for this kind of model.',
      }),
      'unsupported-ip-adapter': (_, place) => ({
        sentence: 'This IP-Adapter cannot be used.',
        remedy: hasModels(place)
          ? 'Choose an IP-Adapter for Stable Diffusion 1.5 or SDXL.'
          : 'Choose an IP-Adapter that was made for this kind of model.',
      }),
      'unsupported-image': () => ({
        sentence: 'This file cannot be used as a picture.',
        remedy: 'Choose a PNG, JPEG, WebP, AVIF or GIF of at most 64 million pixels.',
      }),
      'picture-too-large': () => ({
        sentence: 'This picture is too large.',
        remedy: 'Choose a smaller picture, or an upscaler with a smaller factor.',
      }),
      'not-installed': ({ model = 'The model' }, place) => ({
        sentence: `${model} is not on this device.`,
        remedy: hasModels(place)
          ? 'Download it, or choose another model.'
          : `Open Models to download it, or choose another Model${onForm(place)}.`,
      }),
      'repo-not-found': ({ repo }, place) => ({
        sentence: `No public repository named ${repo}.`,
        remedy: `Check the name. If it is private, enter an access token that may read it in ${hubSettings(place)}.`,
      }),
      'revision-not-found': ({ repo = 'The repository', revision = 'with this name' }) => ({
        sentence: `${repo} has no revision ${revision}.`,
        remedy: 'Check the branch, tag or commit. Without one, the newest files are used.',
      }),
      'repo-gated': ({ repo = 'This repository' }, place) => ({
        sentence: `${repo} is open only to people who have accepted its terms.`,
        remedy: `Accept the terms on the model’s page, then enter an access token that may read it in ${hubSettings(place)}.`,
      }),
      'token-refused': (_, place) => ({
        sentence: 'The Hub does not accept the access token: it has expired, was revoked, or is mistyped.',
        remedy: `Enter a new one in ${hubSettings(place)}. Public models need none.`,
      }),
      'download-failed': ({ file = 'A file of the model', status }, place) => ({
        sentence: `${file} could not be ${place === 'search' ? 'searched' : 'loaded'}${status === undefined ? '' : `: ${status}`}.`,
        remedy: `Check your internet connection, then ${AGAIN[place]}.`,
      }),
      'corrupt-file': ({ file = 'A file of the model' }, place) => ({
        sentence: `${file} is damaged.`,
        remedy: hasChosenFile(place)
          ? 'Download it again where it came from, and choose the new copy.'
          : place === 'look-up'
            ? 'Its owner would have to repair it: choose another model.'
            : place === 'models'
              ? 'Delete the model and add it again. If that does not help, the original is damaged: choose another model.'
              : `${capitalised(AGAIN[place])}. If that does not help, delete the model under Models and add it again.`,
      }),
      'no-storage': ({ what = 'model' }) => ({
        sentence: `This browser does not store files for this page, so ${what === 'picture' ? 'pictures cannot be saved' : isStored(what) ? `it does not keep ${STORED[what]}` : 'models cannot be downloaded'}.`,
        remedy: `Open Safelight in a window that is not private or in another browser, at an address that starts with https://, and allow it to store data.${isStored(what) ? '' : ' Trinket paints here all the same.'}`,
      }),
      'storage-full': ({ what }) =>
        what === 'picture'
          ? {
              sentence: 'There is no space left on this device to save the picture.',
              remedy: 'Download it, then delete pictures or models you no longer need.',
            }
          : what === 'older-data'
            ? {
                sentence: 'There is not enough free space on this device to move everything.',
                remedy: 'Free up disk space, then try again.',
              }
            : what === 'settings'
              ? {
                  sentence: 'This browser has no space left for settings.',
                  remedy:
                    'Other pages of this address fill it: clear their data in the browser. Until then, a bookmark of this page keeps your settings.',
                }
              : what === undefined
                ? {
                    sentence: 'There is no space left on this device for the model.',
                    remedy:
                      'Delete a model you no longer need, or free up disk space. What has been downloaded is kept.',
                  }
                : {
                    sentence: 'There is no space left on this device.',
                    remedy: 'Delete pictures or models you no longer need, or free up disk space.',
                  },
      'unreadable-file': (_, place) => ({
        sentence:
          'A file that this needs can no longer be read: it was changed, moved, or cleared by the browser.',
        remedy: hasChosenFile(place)
          ? `${capitalised(AGAIN[place])}.`
          : 'Add the file again; a model can be downloaded again under Models.',
      }),
      'worker-crashed': (_, place) => ({
        sentence: 'The image engine crashed. Your settings are still here.',
        remedy: `${capitalised(AGAIN[place])}: that restarts it. ${isPainting(place) ? 'A smaller picture needs less memory.' : 'Closing other tabs frees memory.'}`,
      }),
      'worker-hung': (_, place) => ({
        sentence: 'The image engine stopped responding and was shut down.',
        remedy: `${capitalised(AGAIN[place])}: that restarts it. If it hangs again, ${isPainting(place) ? `set ${device(place)} to CPU` : 'reload the page'}.`,
      }),
      aborted: (_, place) => ({
        sentence: 'Stopped.',
        remedy: `${capitalised(AGAIN[place])}.`,
      }),
    } satisfies Record<Exclude<ErrorCode, 'bug'>, (details: ErrorDetails, place: ErrorPlace) => ErrorText>,
    /** Nobody has foreseen what happened, so the browser's own words are quoted for whoever reports it. */
    bug: (quoted: string, place: ErrorPlace): ErrorText => ({
      sentence: `Something went wrong that should not have: “${quoted}”`,
      remedy:
        place === 'page'
          ? 'Reload the page: your settings are kept.'
          : `${capitalised(AGAIN[place])}. If it keeps happening, reload the page: your settings are kept.`,
    }),
    /** Components within a sentence, by diffusers' names; a second one is called “text encoder 2”. */
    components: {
      unet: LABELS.unet,
      vae: LABELS.vae,
      vae_encoder: 'VAE encoder',
      vae_decoder: 'VAE decoder',
      text_encoder: 'text encoder',
      tokenizer: 'tokenizer',
      scheduler: 'sampler',
      lora: 'LoRA',
    },
    /** Sentences in the place of their code's. */
    faults: {
      'no-repository-name': ({ found }) => `“${found}” is not a repository name. Use owner/name.`,
      'part-of-repository': ({ repo, file }) =>
        `This address is of one file or folder, ${file}, not of the whole model ${repo}.`,
      'other-host': ({ host }) => `${host} is not the Hugging Face Hub.`,
      'too-long': ({ field, most, found }) =>
        `${settingLabel(LABELS, field) ?? 'A text'} has ${found.toLocaleString('en')} characters; at most ${most.toLocaleString('en')} are allowed.`,
      'too-many-steps': ({ most }) => `This sampler takes at most ${most} steps.`,
      'too-few-steps': ({ least }) => `This sampler takes at least ${least} steps.`,
      'needs-edm-sampler': () => 'This model works only with the EDM samplers.',
      'edm-sampler': () => 'The EDM samplers work only with models that were trained for them.',
      'needs-image': () => 'This model refines pictures: it paints nothing from a prompt alone.',
      'no-step-left': ({ strength, steps }) =>
        `At strength ${strength}, ${steps === 1 ? 'the only step would not' : `none of the ${steps} steps would`} run.`,
      'too-many-skipped': ({ layers }) => `Clip skip must be less than this text encoder’s ${layers} layers.`,
      'both-reuses': () => 'DeepCache and T-GATE cannot be combined.',
      'no-reuse': () =>
        'DeepCache and T-GATE do not work with this model: its graphs are fixed, and give nothing that could be used again.',
      'reuse-with-control': () => 'DeepCache and T-GATE do not work together with control models.',
      'gate-with-pictures': () => 'T-GATE does not work together with picture prompts.',
      'no-layers': () =>
        'Clip skip does not work with this model: its text encoder is a fixed ONNX graph that gives only its usual layer.',

      'missing-file': ({ component }) => `This model cannot be run: its repository has no ${component}.`,
      'several-checkpoints': ({ component, found }) => `${component} has more than one checkpoint: ${found}.`,
      'only-pickles': ({ component }) =>
        `There are only pickle files, which can run code, and no .safetensors files: ${component}.`,
      'no-checkpoint': ({ component }) => `${component} has no .safetensors or .gguf files.`,
      'missing-component': ({ file, component }) => `${file} is not a whole model: it has no ${component}.`,
      'no-second-encoder': () =>
        'The chosen text encoder is SDXL’s second one (OpenCLIP’s CLIP G), and this model has none to replace.',
      'lone-component': ({ component }) => `Not a whole model: this file holds only a ${component}.`,
      'missing-part': ({ component, expected }) =>
        `This model cannot be run: its ${component} has no ${expected}.`,
      'other-part': ({ component, expected, found }) =>
        `This model cannot be run: its ${component} has ${found}, where Safelight needs ${expected}.`,
      'unknown-part': ({ component, found }) =>
        `This model cannot be run: its ${component} has ${found}, which Safelight does not support.`,
      'double-part': ({ component, expected }) =>
        `This model cannot be run: its ${component} contains ${expected} twice.`,
      'short-vocabulary': ({ component, expected, found }) =>
        `The prompt contains a token that this model’s ${component} does not have: its vocabulary has ${found} entries, and this token needs ${expected}.`,
      'model-setting': ({ component, key, expected, found }) =>
        `This model cannot be run: its ${component} has ${key} set to ${found}, and Safelight supports only ${expected}.`,
      'unfit-setting': ({ component, key, found }) =>
        `This model cannot be run: its ${component} has ${key} set to ${found}, which Safelight does not support.`,
      'missing-setting': ({ component, key }) =>
        `This model cannot be run: its ${component} lacks the setting ${key}.`,
      'sampler-setting': ({ key, found }) =>
        `This sampler does not support a setting of the model: ${key} is ${found}.`,
      'needs-sampler': ({ found }) => `This model needs a sampler that Safelight does not support: ${found}.`,
      'fixed-graph': ({ component }) =>
        `This model’s ${component} is a fixed ONNX graph whose weights cannot be changed.`,
      'graph-refused': ({ component, found }) =>
        `The ONNX graph of this model’s ${component} cannot be run. onnxruntime says: “${found}”`,
      'graph-size': ({ component }) =>
        `This model’s ${component} is a fixed ONNX graph that does not accept this Width and Height.`,
      'graph-prompt': ({ component }) =>
        `This model’s ${component} is a fixed ONNX graph that does not accept a prompt of this length.`,
      'not-stable-diffusion': ({ found }) => `Not a Stable Diffusion 1, 2 or SDXL model, but ${found}.`,
      'no-f16': () => 'This model’s graph computes in float16, which this GPU does not support.',
      'no-depth': () => 'This model does not estimate depth.',
      'no-upscaler': () => 'This model is not a Swin2SR upscaler.',
      'no-segmenter': () => 'This model is not a Segment Anything model in two ONNX graphs.',
      'no-background-removal': () => 'This model is none that Safelight removes backgrounds with.',

      'no-embedding': ({ token }) => `${token} is not an embedding.`,
      'embedding-of-other-model': ({ token, expected, found }) =>
        `${token} was made for another model: its vectors have ${found} values, and this text encoder needs ${expected}.`,
      'no-embeddings-here': () =>
        'Embeddings do not work with this model: its text encoder is a fixed ONNX graph that accepts no embeddings.',

      'lora-as-embedding': ({ token }) => `${token} is a LoRA, not an embedding.`,
      'lora-absent': ({ lora }) => `There is no LoRA named ${lora} on this device.`,
      'lora-of-other-model': ({ lora }) => `${lora} was made for another kind of model.`,
      'lora-damaged': ({ lora, key }) =>
        `${lora} is damaged or incomplete: ${key} does not fit the rest of it.`,
      'lora-twice': ({ lora, key }) => `${lora} changes the same part of the model twice: ${key}.`,
      'lora-unclear': ({ lora, key }) => `${lora} does not say how to apply ${key}.`,
      'lora-settings': ({ lora, key }) => `${lora} has settings in ${key} that Safelight cannot read.`,
      'lora-empty': ({ lora }) => `${lora} is empty.`,
      'no-lora': ({ lora, key }) => `${lora} is not a LoRA: it contains ${key}.`,
      'lora-of-other-method': ({ lora, method }) =>
        `${lora} changes the model by a method that Safelight does not support: ${method}.`,
      'no-loras-here': ({ component }) =>
        `LoRAs do not work with this model: its ${component} is a fixed ONNX graph whose weights cannot be changed.`,

      'control-absent': ({ control }) => `There is no control model ${control} on this device.`,
      'no-map': ({ control }) => `The map for ${control} is not a picture that this browser can read.`,
      'no-control-model': ({ control }) => `${control} is no ControlNet and no T2I-Adapter.`,
      'control-of-other-model': ({ control }) => `${control} was made for another kind of model.`,
      'no-control-mode': ({ control, most }) =>
        `${control} reads ${most} kinds of maps, and its layer does not say which one its map is.`,
      'control-of-other-kind': ({ control, found }) =>
        found === 'ControlNet-LoRA'
          ? `${control} is a ControlNet-LoRA: it holds only what differs from SDXL’s own U-Net, and Safelight runs whole ControlNets.`
          : `${control} is of a kind that Safelight does not support: ${found}.`,

      'no-ip-adapter': ({ adapter }) => `${adapter} is no IP-Adapter.`,
      'ip-adapter-absent': ({ adapter }) => `The IP-Adapter ${adapter} is not on this device.`,
      'ip-adapter-of-other-model': ({ adapter }) => `${adapter} was made for another kind of model.`,
      'ip-adapter-face-id': ({ adapter, found }) =>
        `${adapter} is an IP-Adapter ${found}: it reads faces by a recogniser of its own, which may be used for research only and is not part of Safelight.`,
      'no-image-encoder': ({ adapter }) =>
        `${adapter} has no image encoder, without which it cannot see a picture.`,

      'no-picture': () => 'This file is not a picture this browser can read.',
      svg: () => 'An SVG is a vector drawing, not a picture made of pixels.',
      'too-many-pixels': ({ width, height }) => `A picture of ${width} × ${height} pixels is too large.`,
      'damaged-picture': () => 'This picture is damaged, or in a format this browser cannot read.',
      'not-safetensors': ({ file, found }) => `${file} is ${OTHER_FILES[found].is}, not a .safetensors file.`,
      'not-gguf': ({ file, found }) => `${file} is ${OTHER_FILES[found].is}, not a GGUF file.`,
      'quantised-already': ({ file }) =>
        `No copy can be made of ${file}: its weights are in few bits already.`,
      'gguf-version': ({ file, found }) =>
        `${file} is a GGUF file that Safelight cannot read: ${found === 'big-endian' ? 'its bytes are in the order of other computers (big-endian)' : found}.`,
      'gguf-type': ({ file, component, found }) =>
        `Safelight cannot read the numbers in ${file}: ${component} is in blocks of type ${found}.`,
      'not-a-picture': ({ found }) => `This file is ${OTHER_FILES[found].is}, not a picture.`,
      'cut-off': ({ file, expected, found }) =>
        `${file} is cut off: it has ${megabytes(found)} of ${megabytes(expected)}.`,
      'cut-off-picture': () => 'This picture is cut off: its file ends too early.',
      'zip-without-pictures': () => 'This zip holds no pictures.',
      'zip-too-large': () => 'This zip is too large to read.',
      'damaged-zip': () => 'This file is not a zip, or it is damaged.',
      'not-unpacked': () => 'It is damaged, encrypted, or packed in a way that Safelight cannot read.',
      'too-large-in-zip': ({ most }) => `It is larger than ${most / 1e6} MB.`,
      'upscaled-too-large': ({ width, height }) =>
        `Upscaled, the picture would have ${width} × ${height} pixels, which is too many.`,

      'kernel-refused': () => 'The driver of this GPU does not compile a program that this model needs.',
      'no-runtime': ({ status }) => `The runtime could not be loaded: ${status}.`,
      'storage-silent': () =>
        'This browser does not open what it stores for this page. Another tab may be holding it.',
      'pictures-lost': ({ count }) =>
        `${some(count, 'picture')} could not be read from the browser’s storage, and ${count === 1 ? 'is' : 'are'} not in the zip.`,
      'storage-cleared': () =>
        'The browser cleared what it stores for this page while a file was being written.',
      'storage-newer': () =>
        'A newer version of Safelight, opened in another tab, has changed what is stored.',
      'no-copy': ({ component, bits }) => `There is no ${bits}-bit copy of the ${component} on this device.`,
    } satisfies TextsFor<Fault>,
    /** What to do, where what is said of the code does not help. */
    remedies: {
      'no-repository-name': 'Copy the name from the model’s page on the Hub, or paste the page’s address.',
      'part-of-repository': 'Enter the repository’s name, or paste the address of a .safetensors file in it.',
      'other-host': (place: ErrorPlace) =>
        `Download the file there and open it with “From disk…”${onModels(place)}. If it is a mirror of the Hub, enter it in ${hubSettings(place)}.`,
      'too-long': 'Shorten it.',
      'too-many-steps': (place: ErrorPlace) => `Choose fewer Steps, or another Sampler${onForm(place)}.`,
      'too-few-steps': (place: ErrorPlace) => `Choose more Steps, or another Sampler${onForm(place)}.`,
      'needs-edm-sampler': (place: ErrorPlace) =>
        `Choose EDM DPM++ 2M or EDM Euler as the Sampler${onForm(place)}.`,
      'edm-sampler': (place: ErrorPlace) => `Choose another Sampler${onForm(place)}.`,
      'needs-image': (place: ErrorPlace) =>
        `Choose a Start picture${onForm(place)}, with a Strength of about 0.3, or another Model.`,
      'no-step-left': (place: ErrorPlace) => `Choose a higher Strength, or more Steps${onForm(place)}.`,
      'too-many-skipped': (place: ErrorPlace) => `Choose a lower Clip skip${onForm(place)}.`,
      'both-reuses': (place: ErrorPlace) =>
        `Set the DeepCache interval${onForm(place)} to 1, or the T-GATE step to 0.`,
      'no-reuse': (place: ErrorPlace) =>
        `Set the DeepCache interval${onForm(place)} to 1 and the T-GATE step to 0, or choose a model with safetensors files.`,
      'reuse-with-control': (place: ErrorPlace) =>
        `Set the DeepCache interval${onForm(place)} to 1 and the T-GATE step to 0.`,
      'gate-with-pictures': (place: ErrorPlace) => `Set the T-GATE step${onForm(place)} to 0.`,
      'ip-adapter-absent': (place: ErrorPlace) => `Add it${onModels(place)}, or choose another one.`,
      'ip-adapter-face-id': 'Choose a plain, plus or full-face IP-Adapter instead.',
      'no-image-encoder': (place: ErrorPlace) =>
        `Add h94/IP-Adapter/models/ip-adapter_sd15.safetensors${onModels(place)}: its image encoder comes along, and is used here too.`,
      'no-layers': (place: ErrorPlace) => `Set Clip skip${onForm(place)} to 0.`,
      'missing-file': 'Choose another repository: this one is incomplete.',
      'several-checkpoints': 'Add the file’s name: owner/name/file.safetensors',
      'only-pickles': 'Look for a version of it that has .safetensors files.',
      'no-checkpoint': 'Look for a repository that has .safetensors or .gguf files.',
      'not-stable-diffusion': 'Choose another model.',
      'missing-component': 'Choose another file: a whole model has a U-Net, a VAE and a text encoder.',
      'no-second-encoder': (place: ErrorPlace) => `Choose another Text encoder${onForm(place)}.`,
      'lone-component': 'Choose another file: a whole model has a U-Net, a VAE and a text encoder.',
      'missing-part': 'Choose another model, or a complete copy of this one.',
      'double-part': 'Choose another model, or another copy of this one.',
      'short-vocabulary': (place: ErrorPlace) =>
        `Change the prompt, or choose another Model${onForm(place)}.`,
      'sampler-setting': (place: ErrorPlace) => `Choose another Sampler${onForm(place)}.`,
      'fixed-graph': 'Choose a version of the model that has .safetensors files.',
      'graph-refused': (place: ErrorPlace) => `Set ${device(place)} to CPU, or choose another model.`,
      'graph-size': (place: ErrorPlace) =>
        `Choose the Width and Height${onForm(place)} the model was trained at.`,
      'graph-prompt': (place: ErrorPlace) => `Shorten the prompt and the negative prompt${onForm(place)}.`,
      'kernel-refused': (place: ErrorPlace) => `Set ${device(place)} to CPU.`,
      'no-f16': (place: ErrorPlace) => `Set ${device(place)} to CPU.`,
      'no-depth': 'Choose another model for the depth.',
      'no-upscaler': 'Choose another model.',
      'no-segmenter': (place: ErrorPlace) => `Choose SlimSAM${onModels(place)}.`,
      'no-background-removal': (place: ErrorPlace) => `Choose U²-Net, small${onModels(place)}.`,
      'no-embedding': (place: ErrorPlace) =>
        place === 'embeddings' ? 'Add another file.' : `Remove it in ${advanced(place)}, or add another.`,
      'no-embeddings-here': (place: ErrorPlace) =>
        `Remove them in ${advanced(place)}, or choose another Model${onForm(place)}.`,
      'lora-as-embedding': (place: ErrorPlace) =>
        `Add it under Models, and use it in the prompt${onForm(place)} as <lora:name:1>.`,
      'lora-absent': (place: ErrorPlace) =>
        `Add it under Models, or take it out of the prompt${onForm(place)}.`,
      'lora-damaged': (place: ErrorPlace) =>
        `Download it again and add it under Models, or take it out of the prompt${onForm(place)}.`,
      'lora-empty': (place: ErrorPlace) =>
        `Download it again and add it under Models, or take it out of the prompt${onForm(place)}.`,
      'no-loras-here': (place: ErrorPlace) =>
        `Take them out of the prompt, or choose another Model${onForm(place)}.`,
      'not-safetensors': (place: ErrorPlace, { found }: ErrorDetails): string =>
        place === 'look-up' || place === 'models'
          ? 'Its owner put it there in the place of the file: choose another repository.'
          : OTHER_FILES[found as FileKind].remedy,
      'not-gguf': (place: ErrorPlace, { found }: ErrorDetails): string => {
        if (place === 'look-up' || place === 'models')
          return 'Its owner put it there in the place of the file: choose another repository.';
        return found === 'safetensors'
          ? 'Rename it so that it ends in .safetensors, and choose it again.'
          : OTHER_FILES[found as FileKind].remedy;
      },
      'quantised-already': 'Download it as it is.',
      'gguf-version': 'Look for a newer copy of it, or for one that ends in .safetensors.',
      'gguf-type': 'Look for a copy of it in another type, such as Q8_0, Q6_K or Q4_K.',
      'not-a-picture': (_: ErrorPlace, { found }: ErrorDetails): string =>
        found === 'pickle' || found === 'json' || found === 'gguf'
          ? 'Choose a PNG, JPEG, WebP, AVIF or GIF.'
          : OTHER_FILES[found as FileKind].remedy,
      'cut-off': (place: ErrorPlace): string =>
        place === 'look-up'
          ? 'Its owner would have to repair it: choose another model.'
          : 'The download was not finished: download it again, and choose the new copy.',
      'cut-off-picture': 'Download or copy it again, and choose the new copy.',
      'zip-without-pictures': 'Choose a zip with PNG, JPEG, WebP or AVIF files in it.',
      'zip-too-large': 'Import the pictures in smaller zips.',
      'damaged-zip': 'Try another copy of it.',
      'storage-silent': 'Close the other tabs of Safelight.',
      'pictures-lost': 'The others are. What cannot be read can be deleted.',
      'storage-cleared': 'Start the download or the import again.',
      'storage-newer': 'Download the pictures you want to keep, then reload the page.',
      'not-unpacked': 'Unpack the zip with another program, and import the picture itself.',
      'too-large-in-zip': 'Save a smaller copy of it, and import that.',
      'no-copy': 'Make one under Models, or choose another model.',
    },
    /** Why a file did not come, within a sentence. */
    answers: {
      'no-response': 'no response',
      'connection-lost': 'connection lost',
      'too-slow': 'hardly anything arrives',
      'not-listed': 'not in the list of files',
      'empty-response': 'an empty response',
      'web-page': 'a web page instead of the file',
      'unexpected-response': 'an unexpected response',
      'not-json': 'a response that is not JSON',
      'download-restarted': 'the server restarted the download',
    } satisfies Record<DownloadFault, string>,
    serverAnswered: (status: string) =>
      status === '429' ? 'the server is asked too much at the moment (429)' : `the server answered ${status}`,
    waitFirst: (place: ErrorPlace) => `Wait a minute, then ${AGAIN[place]}.`,

    pageBroke: 'This page crashed',
    settingsKept: 'Your settings are kept.',
    reloadPage: 'Reload the page',
  },
  experiments: {
    label: 'Experiments',
    heading: 'New experiment',
    noPrompt: 'No prompt',
    /** `model` and `scheduler` by their labels. */
    base: ({
      model,
      width,
      height,
      numInferenceSteps: steps,
      guidanceScale,
      scheduler,
      seed,
    }: Readonly<Record<keyof GenerationDefaults | 'model' | 'seed', string>>) =>
      `${model} · ${width} × ${height} · ${steps} ${steps === '1' ? 'step' : 'steps'} · guidance ${guidanceScale} · ${scheduler} · seed ${seed}. Choose here what changes; everything else is as set under Create.`,
    nine: { guidanceScale: 'Nine guidance values', seed: 'Nine seeds', strength: 'Nine strengths' },
    columns: { label: 'Columns', values: 'Values of the columns' },
    rows: { label: 'Rows', values: 'Values of the rows' },
    noAxis: 'None',
    /** What an axis changes, where that is no field of the form. */
    axes: {
      prompt: 'Words of the prompt',
      size: 'Size',
      controlScale: 'Strength of the control layers',
      picturePromptScale: 'Strength of the picture prompts',
    },
    choices: (columnsOrRows: string, axis: string) => `${columnsOrRows}: ${axis}`,
    guidance: (value: string) => `guidance ${value}`,
    nothing: '(nothing)',
    understood: (count: number, values: string) =>
      `${count === 1 ? 'One value' : `${count} values`}: ${values}`,
    unreplaced: (words: string) =>
      `Find “${words}”: type the words, then the replacements, separated by commas.`,
    howToType: {
      prompt: 'Type the words to find, then the replacements, separated by commas.',
      size: 'Sizes such as 512x512, 512x768.',
      number: (axis: string, { min, max, whole }: NumberLimits) =>
        `${axis}: ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}. 1, 3, 5 · 1-9 · 1-9 (+2) · 0-1 [5] for five values.`,
    },
    draftFaults: {
      'no-axis': () => 'Choose what changes.',
      'none-ticked': () => 'Tick at least one.',
      'no-numbers': () => 'Type at least one value: 1, 3, 5 or 1-9.',
      'no-sizes': () => 'Type at least one size: 512x512, 512x768.',
      'no-terms': () => 'Type the words to find first, then the replacements.',
      'no-count': () => 'Put the number of values between [ ]: a whole number.',
      'open-quote': () => 'A quotation mark is missing.',
      'no-number': ({ item }) => `“${item}” is not a number or a range such as 1-9, 1-9 (+2) or 0-1 [5].`,
      'no-size': ({ item }) => `“${item}” is not a size such as 512x768.`,
      endless: ({ item }) => `“${item}” never ends: its step is 0.`,
      'wrong-way': ({ item }) => `“${item}” counts in the wrong direction.`,
      'not-whole': ({ value }, axis) => `${axis} takes whole numbers, not ${value}.`,
      'out-of-range': ({ min, max, value }, axis) => `${axis} must be from ${min} to ${max}, not ${value}.`,
      'size-out-of-range': ({ min, max, item }) =>
        `Sides must be from ${min} to ${max} in steps of 8, not ${item}.`,
      'too-many-values': ({ most }) => `One axis can have at most ${most} values.`,
    } satisfies TextsFor<DraftFault, [axis: string]>,
    axesFaults: {
      'same-twice': ({ axis }, labelOf) => `Columns and rows both change ${labelOf(axis)}.`,
      'nothing-to-replace': ({ term }) =>
        `Neither prompt contains “${term}”, so there is nothing to replace.`,
      'no-picture': () => 'Strength needs a picture to start from.',
      'no-layers': () => 'Control strength needs a control layer.',
      'no-picture-prompts': () => 'This strength needs a picture prompt.',
      'too-many-pictures': ({ count, most }) =>
        `An experiment can have at most ${most} pictures, not ${count}.`,
    } satisfies TextsFor<AxesFault, [labelOf: (axis: AxisKind) => string]>,
    chooseColumns: 'Choose what the columns change.',
    fixFirst: 'Fix this under Create first:',
    start: 'Start',
    pictures: (count: number) => (count === 1 ? 'One picture' : `${count} pictures`),
    about: (time: string) => `about ${time}`,

    titled: (title: string) => `Experiment: ${title}`,
    news: (done: number, total: number) => `Experiment: ${done} of ${total} pictures.`,
    resume: 'Resume',
    stop: 'Stop the experiment',
    stopping: 'Stopping…',
    progress: 'Pictures done',
    done: (done: number, total: number) => `${done} of ${total} pictures`,
    failed: (count: number) => `${count} failed`,
    paused: 'paused',
    left: (time: string) => `about ${time} left`,
    grid: 'Grid',
    developing: (cell: string) => `${cell}, developing`,
    tryAgain: 'Try again',
    tryCellAgain: (cell: string) => `Try again: ${cell}`,
    saveGrid: 'Save the grid',
    saveEach: 'Save each picture (zip)',
    compareTwo: 'Compare two',
    notSaved: (reason: string) => `Could not save: ${reason}`,

    useSettings: 'Use these settings',
    compare: 'Compare',
    download: 'Download',
    close: 'Close',
    time: 'Time',
    comparison: 'Compare two pictures',
    leftPicture: 'Left',
    rightPicture: 'Right',

    stored: 'Saved experiments',
    storedHere: 'Saved on this device',
    deleted: (title: string) => `Deleted “${title}”.`,
    undo: 'Undo',
    storedFacts: (done: number, total: number, createdAt: Date) =>
      `${done} of ${total} pictures · ${createdAt.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}`,
    shownAbove: 'Shown above',
    open: 'Open',
    openTitled: (title: string) => `Open ${title}`,
    delete: 'Delete',
    deleteTitled: (title: string) => `Delete ${title}`,
  },
  fields: {
    labels: LABELS,
    device: { auto: 'Automatic', webgpu: 'GPU (WebGPU)', wasm: 'CPU' } satisfies Record<
      Fields['device'],
      string
    >,
    schedule: { automatic: 'Automatic: the sampler’s own', ...SCHEDULE_LABELS } satisfies Record<
      Fields['schedule'],
      string
    >,
    emphasis: {
      original: 'Original',
      'no-norm': 'No norm: stronger, often better with SDXL',
      ignore: 'Ignore: weights do nothing',
    } satisfies Record<Fields['emphasis'], string>,
    noise: {
      cpu: 'Like diffusers on a CPU',
      gpu: 'Like A1111 on CUDA (“NV”)',
    } satisfies Record<Fields['noise'], string>,
    memory: {
      auto: 'Automatic',
      all: 'Everything stays loaded',
      'one-by-one': 'One component at a time',
    } satisfies Record<Fields['memory'], string>,
    bits: { full: 'Original', '16': '16 bits', '8': '8 bits', '4': '4 bits' } satisfies Record<
      Fields['bits'],
      string
    >,
    fit: {
      crop: 'Crop',
      stretch: 'Stretch',
      fill: 'Fit inside, paint the borders',
    } satisfies Record<Fields['fit'], string>,
    hiresUpscaler: { off: 'Off', latent: 'Latent', image: 'Lanczos' } satisfies Record<
      Fields['hiresUpscaler'],
      string
    >,
    maskedContent: {
      original: 'Original',
      fill: 'Fill: the colours around it',
      noise: 'Latent noise: something new',
    } satisfies Record<Fields['maskedContent'], string>,
    paddingMaskCrop: {
      whole: 'Whole picture',
      '32': 'Only the marked part, 32 pixels around it',
      '64': 'Only the marked part, 64 pixels around it',
      '128': 'Only the marked part, 128 pixels around it',
      '256': 'Only the marked part, 256 pixels around it',
    } satisfies Record<Fields['paddingMaskCrop'], string>,
    ownComponent: 'The model’s own',
    ownPreview: 'Quick colours',
    none: 'none',
    /** As it stands in its field, with a dot, or as it is written. */
    number: (field: string) => field,
    help: (label: string) => `Help: ${label}`,
    slider: (label: string) => `${label} slider`,
    fault: (label: string, { min, max, whole }: NumberLimits) =>
      `${label} must be ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}.`,
    snapped: (to: number) => `Rounded to ${to}: sizes go in steps of 8.`,
    expected: {
      number: ({ min, max, whole }) => `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`,
      sampler: () => 'the name of a sampler, such as euler or dpmpp-2m-karras',
      choice: ({ choices }) => `one of ${choices.join(', ')}`,
      component: () => 'a name on the Hub: owner/name',
      model: () => 'trinket, or a name on the Hub: owner/name',
      text: ({ maxLength }) => `at most ${maxLength.toLocaleString('en')} characters`,
      switch: () => '0 or 1',
      control: () => 'how a map is made, strength, part of the run, model: canny 0.8 0-1 owner/name',
      picturePrompt: () => 'what is taken over, strength, number of pictures, adapter: all 0.6 1 owner/name',
      unknown: () => 'no setting has this name',
    } satisfies TextsFor<Expected>,
  },
  gallery: {
    label: 'Gallery',
    search: 'Search prompts and tags',
    model: 'Model of the pictures',
    everyModel: 'All models',
    favourites: 'Favourites',

    selectAll: 'Select all',
    deselect: (count: number) => `Deselect ${count}`,
    favourite: 'Favourite',
    delete: 'Delete',
    exportAll: 'Export all',
    exportSelected: 'Export selected',
    zipName: (part: number, parts: number) => `safelight-${part}-of-${parts}.zip`,
    import: 'Import…',

    reading: 'Loading pictures…',
    none: 'No pictures yet. Every one you make is saved here, on this device.',
    pictures: (count: number) => (count === 1 ? '1 picture' : `${count} pictures`),
    some: (shown: number, total: number) =>
      `${shown === 0 ? 'none' : shown} of ${total === 1 ? '1 picture' : `${total} pictures`}`,
    lost: 'This picture can no longer be read from the browser’s storage.',
    unsaved: (count: number) =>
      count === 1
        ? '1 picture is not saved yet. It is kept while this page is open, and can be downloaded now.'
        : `${count} pictures are not saved yet. They are kept while this page is open, and can be downloaded now.`,
    unreadable: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} could not be read`,
    busy: (done: number, total: number) => `${done} of ${total}…`,
    imported: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} imported`,
    known: (count: number) => `${count} already here`,
    refused: (count: number) => `${count} not imported`,
    moreRefused: (count: number) => `And ${count} more.`,
    mayBeCleared: 'The browser may delete them when the disk fills up.',
    askToKeep: 'Keep them permanently',
    deleted: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} deleted.`,
    undo: 'Undo',

    grid: 'Pictures',
    open: (picture: string) => `Open: ${picture}`,
    select: (picture: string) => `Select: ${picture}`,
    ofSeed: (seed: number) => `Picture of seed ${seed}`,
    withoutPrompt: 'A picture without a prompt',

    pictureOf: (place: number, total: number) => `Picture ${place} of ${total}`,
    placeOf: (place: number, total: number) => `${place} of ${total}`,
    close: 'Close',
    unfinished: 'Unfinished',
    made: 'Made',
    madeAt: (createdAt: Date, duration: string | null, device: 'webgpu' | 'wasm' | null) =>
      `${createdAt.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}${duration === null ? '' : `, in ${duration}`}${device ? ` on the ${device === 'wasm' ? 'CPU' : 'GPU'}` : ''}`,
    settingsUnknown: (width: number, height: number) =>
      `${width} × ${height}; how it was made is not recorded in the file`,
    useSettings: 'Use these settings',
    startFrom: 'Start from this',
    upscale: (upscaler: string) => `Upscale with ${upscaler}`,
    stopUpscaling: (percent: number) => `Stop upscaling, ${percent}%`,
    download: 'Download',
  },
  mask: {
    label: 'Inpaint',
    howTo:
      'Mask. Arrow keys move the brush, Space paints, square brackets change its size, Control Z undoes a stroke.',
    brush: 'Brush',
    softEdge: 'Soft edge',
    erase: 'Erase',
    undo: 'Undo',
    redo: 'Redo',
    invert: 'Invert',
    clear: 'Clear',
    leave: 'Discard changes',

    open: 'Inpaint…',
    change: 'Change the mask…',
    fileSize: 'The picture keeps the size of its file.',
  },
  fast: {
    label: 'Speed',
    about: 'A LoRA that lets this model paint in a few steps: fetched once, with all settings that it needs.',
    choices: {
      ...{ full: 'Full', 'fast-8': 'Fast 8', 'fast-4': 'Fast 4', turbo: 'Turbo' },
      dmd2: 'DMD2 4 (not commercial)',
    } satisfies Record<FastId | 'full', string>,
    nonCommercial: (licence: string) => `Not for commercial use: its licence is ${licence}.`,
    lookingUp: (lora: string) => `Looking up ${lora}…`,
    offer: (lora: string, size: string, licence: string) =>
      `${lora}: ${size} to fetch, once. Licence: ${licence}.`,
    noLicence: 'not stated in its card',
    fetch: 'Fetch and use',
    notNow: 'Not now',
    again: 'Look up again',
    fetching: (lora: string) => `Download of ${lora}`,
    madeFor: (label: string, steps: number, sampler: string, guidance: number) =>
      `${label} is made for ${steps} step${steps === 1 ? '' : 's'} with ${sampler} and guidance ${guidance}.`,
    use: 'Set that',
  },
  notices: {
    upscaled: ({ width, height }) => `Upscaled to ${width} × ${height}.`,
    'background-removed': () => 'Background removed. The picture is in the gallery, beside its original.',
    'settings-applied': ({ absent }) =>
      absent === null ? 'Settings applied.' : `Settings applied; ${absent} is not on this device.`,
    'settings-restored': () => 'Settings restored.',
    'settings-reset': () => 'The model’s usual settings are back.',
    'model-chosen': ({ label }) => `${label}, with its usual settings.`,
    'fast-on': ({ label, steps, guidance, sampler }) =>
      `${label}: ${steps} step${steps === 1 ? '' : 's'}, guidance ${guidance}, ${sampler}.`,
    'fast-off': ({ kept }) =>
      kept.length === 0
        ? 'The settings from before are back.'
        : `The settings from before are back, but for what you changed: ${kept.map((name) => LABELS[name]).join(', ')}.`,
    'prompt-replaced': () => 'Prompt replaced.',
    'link-applied': () => 'Filled in from the link.',
    'link-without-pictures': () =>
      'Filled in from the link. Pictures are in no link: choose those of its control layers and picture prompts.',
    'seed-reused': () => 'Seed reused and locked.',
    'image-replaced': () => 'Start picture replaced.',
    'image-removed': () => 'Start picture removed.',
    'model-deleted': ({ label, instead }) =>
      instead === null
        ? `${label} is deleted; the model’s own part is used again.`
        : `${label} is deleted; the form uses ${instead} now.`,
    'model-gone': ({ label, instead }) =>
      instead === null
        ? `Settings restored; ${label} is no longer on this device, so the model’s own part is used.`
        : `Settings restored; ${label} is no longer on this device, so the form uses ${instead}.`,
    'picture-kept': () => 'Kept in the gallery.',
    'control-removed': () => 'Control layer removed.',
    'picture-prompt-removed': () => 'Picture prompt removed.',
    'picture-prompt-refused': ({ number }) =>
      `Nothing was painted: picture prompt ${number} cannot be used yet. It says why.`,
    'control-refused': ({ number }) =>
      `Nothing was painted: control layer ${number} cannot be used yet. It says why.`,
    'image-copied': () => 'Picture copied.',
    'parameters-copied': () => 'Parameters copied.',
    'link-copied': () => 'Link copied.',
    'link-copied-without-pictures': () => 'Link copied; the pictures it was made from are not in it.',
    'image-shared': () => 'Picture shared.',
    'not-allowed': () => 'The browser did not allow this.',
  } satisfies TextsFor<NoticeFact>,
  storage: {
    unkept: (things: readonly Stored[]) =>
      `Not kept for your next visit: ${things.map((thing) => STORED[thing]).join(', ')}.`,
    /** By what was damaged: so many of an earlier visit were left out. */
    unreadable: {
      settings: () => 'Some settings of your last visit were damaged. They have their defaults again.',
      picture: (count) => `${some(count, 'picture')} of an earlier visit could not be read.`,
      job: (count) =>
        `${some(count, 'waiting job')} of your last visit could not be read. The others are here.`,
      experiment: (count) => `${some(count, 'experiment')} could not be read. The others are here.`,
      file: () =>
        'The start picture, its mask, a control layer or an embedding of your last visit could not be read. Add it again.',
      drawing: () => 'Part of the drawing of your last visit could not be read. The rest is here.',
    } satisfies Record<Stored, (count: number) => string> as Record<Stored, (count: number) => string>,
    dismiss: 'Dismiss',
  },
  numbers: {
    /** A number with so many decimals. */
    fixed: (value: number, decimals: number) => value.toFixed(decimals),
    /** A number with the decimals that it has. */
    plain: (value: number) => String(value),
  },
  offline: {
    modelsHere: (size: string) => `${size} of models here.`,
    modelsAndRoom: (size: string, room: string) => `${size} of models here, room for ${room} more.`,
    kept: 'Kept until you delete them.',
    keep: 'Keep for offline use',
    notPromised:
      'The browser did not promise to keep them: it may delete them when the disk fills up. Installing Safelight as an app, or visiting more often, makes it more likely to.',
    ready: 'Ready offline: the page, Trinket, and every model above.',
    missing: {
      page: 'Not ready offline: reload the page once.',
      runtime: 'Not ready offline: make one picture first.',
      models: 'Not ready offline: Trinket has not been downloaded yet.',
    } satisfies Record<OfflinePart, string>,
  },
  progress: {
    label: 'Progress',
    components: {
      tokenizer: 'tokenizer',
      denoiser: 'U-Net',
      control: 'control model',
      imageEncoder: 'image encoder',
      vae: 'VAE',
    },
    /** Counted from 1; most models have one. */
    textEncoder: (number: number) => (number === 1 ? 'text encoder' : `text encoder ${number}`),
    /** A span of time: “4.2 s”, “2 min 5 s”. */
    seconds: (seconds: number, decimals: 0 | 1) => `${seconds.toFixed(decimals)} s`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,

    starting: 'Starting…',
    stopping: 'Stopping after this step…',
    /** Before the first step, or after the last. */
    stoppingNow: 'Stopping…',
    keep: 'Keep as it is',
    keeping: 'Decoding…',
    /** Of a run that was stopped while others waited. */
    before: (outcome: string) => `The picture before: ${outcome}`,
    keepingLater: 'Will be kept after this picture',
    dismissStopped: 'Do not keep it',
    loading: (model: string, loaded: number, total: number) => `Loading ${model}… ${loaded} of ${total} MB`,
    preparing: (model: string, component: string) => `Preparing ${model}: ${component}…`,
    preparingPercent: (model: string, component: string, percent: number) =>
      `Preparing ${model}: ${component}… ${percent}%`,
    reading: 'Reading the prompt…',
    /** What is done to which picture of several, and whether it is the second pass over it. */
    ofPicture: (doing: string, picture: { place: number; total: number } | null, isHires: boolean) => {
      const place = picture && `Picture ${picture.place} of ${picture.total}`;
      if (place) return `${place}${isHires ? ', Hires' : ''}: ${doing}`;
      return isHires ? `Hires: ${doing}` : doing;
    },
    step: (step: number, steps: number) => `step ${step} of ${steps}`,
    left: (time: string) => `${time} left`,
    filmstrip: 'filmstrip',
    enlarging: 'enlarging…',
    decoding: 'decoding…',
    done: 'done',

    stoppedAt: (step: number, steps: number) => `Stopped at step ${step} of ${steps}`,
    stoppedInHires: (step: number, steps: number) => `Stopped at Hires step ${step} of ${steps}`,
    steps: (steps: number) => (steps === 1 ? '1 step' : `${steps} steps`),
    stepsOfBoth: (first: number, second: number) => `${first} + ${second} steps`,

    news: {
      stopping: 'Stopping.',
      stopped: 'Stopped.',
      done: (time: string, seed: number | undefined) => `Done in ${time}. Seed ${seed}.`,
      generating: 'Generating.',
      finishing: 'Finishing.',
      percent: (percent: number) => `${percent} percent.`,
    },
  },
  queue: {
    label: 'Queue',
    spoken: 'Queue:',
    close: 'Close the queue',
    painting: (percent: number | null) => (percent === null ? 'Painting' : `Painting ${percent}%`),
    percent: (percent: number) => `${percent}%`,
    waiting: (count: number) => `${count} waiting`,
    left: (time: string) => `about ${time} left`,
    held: (count: number) => `${count} from your last visit`,
    failed: (count: number) => `${count} failed`,
    noneWaiting: 'None waiting',
    empty: 'The queue is empty',

    heldJobs: (count: number) =>
      `${count === 1 ? 'One job is' : `${count} jobs are`} left from your last visit.`,
    lastVisit: 'From your last visit',
    moreHeld: (count: number) => `And ${count} more, in the queue.`,
    start: 'Start',
    startJob: (job: string) => `Start ${job}`,
    startAll: 'Start all',
    drop: (job: string) => `Drop ${job}`,
    dropAll: 'Drop all',
    howToFill: 'Nothing is waiting. Press Generate while a picture develops to line up more.',
    cancelAll: 'Cancel all',
    stopAll: 'Stop all',
    lists: { running: 'Running', waiting: 'Waiting', failed: 'Failed' },
    inProgress: 'painting',
    ofExperiment: 'experiment',
    isHeld: 'from your last visit',
    noPrompt: 'No prompt',
    steps: (count: number) => (count === 1 ? '1 step' : `${count} steps`),
    seed: (seed: number) => `seed ${seed}`,
    pictures: (count: number) => `${count} pictures`,
    layers: (count: number) => (count === 1 ? '1 control layer' : `${count} control layers`),
    picturePrompts: (count: number) => (count === 1 ? '1 picture prompt' : `${count} picture prompts`),
    ofSeed: (seed: number) => `the picture of seed ${seed}`,
    startPicture: 'Start picture',
    stop: 'Stop',
    stopJob: (job: string) => `Stop ${job}`,
    drag: 'Drag to reorder',
    moveUp: (job: string) => `Move ${job} up`,
    moveDown: (job: string) => `Move ${job} down`,
    cancel: (job: string) => `Cancel ${job}`,
    tryAgain: 'Try again',
    tryJobAgain: (job: string) => `Try ${job} again`,
    forget: (job: string) => `Remove ${job}`,
    moved: (place: number, total: number) => `Moved to place ${place} of ${total}.`,

    tellWhenDone: 'Notify me when done',
    noNotifications: {
      blocked:
        'This browser is set to show no notifications of this page. Allow them: press the sign to the left of the address, choose Allow under Notifications, then switch this on again.',
      unanswered: 'Nothing was allowed. Switch it on again, and allow it when the browser asks.',
    },
    jobsDone: (count: number) => (count === 1 ? 'Your picture is done.' : `All ${count} jobs are done.`),
    jobsFailed: (count: number) => (count === 1 ? 'One job failed.' : `${count} jobs failed.`),
    title: { failed: 'Failed', done: 'Done' },
  },
  samplers: {
    about: {
      'dpmpp-2m-karras': 'Sharp in few steps: 15 to 25.',
      'dpmpp-2m': 'Good in few steps: 15 to 30.',
      'dpmpp-2m-sde-karras': 'Adds fresh noise at every step, rich in detail: 20 to 40 steps.',
      'dpmpp-2m-sde': 'Adds fresh noise at every step: 25 to 50 steps.',
      'dpmpp-2m-sde-exponential':
        'DPM++ 2M SDE with smoother backgrounds; A1111’s default schedule for it: 20 to 40 steps.',
      'dpmpp-3m-sde':
        'Adds fresh noise, and builds on its last three steps; exponential, as in A1111: 25 to 50 steps.',
      'dpmpp-2s': 'Two model evaluations every other step: 20 to 50 steps.',
      'dpmpp-2s-karras': 'Two model evaluations every other step: 20 to 40 steps.',
      euler: 'Simple and predictable: 20 to 40 steps.',
      'euler-karras': 'Euler with more of its steps near the end: 20 to 40 steps.',
      'euler-ancestral': 'Adds fresh noise at every step, so more steps give a different picture.',
      heun: 'Two model evaluations a step, so it takes twice as long: 10 to 20 steps.',
      'heun-karras': 'Heun with more of its steps near the end: 10 to 20 steps.',
      dpm2: 'Two model evaluations a step, so it takes twice as long: 10 to 20 steps.',
      'dpm2-karras': 'DPM2 with more of its steps near the end: 10 to 20 steps.',
      'dpm2-ancestral': 'DPM2 with fresh noise at every step: 15 to 30 steps.',
      'dpm2-ancestral-karras': 'The same with more of its steps near the end: 15 to 30 steps.',
      lms: 'Builds on its last four steps: 30 to 50 steps.',
      'lms-karras': 'LMS with more of its steps near the end: 20 to 40 steps.',
      unipc: 'Corrects each step by the next, good in very few: 10 to 20 steps.',
      deis: 'Good in few steps: 15 to 25.',
      ddim: 'The classic, closest to how models are trained: 20 to 50 steps.',
      pndm: 'Also called PLMS, Stable Diffusion 1’s own: 30 to 50 steps.',
      ddpm: 'Undoes the noise of the training step by step: 100 steps or more.',
      lcm: 'For latent consistency models: 4 to 8 steps, guidance 1 to 2.',
      'euler-trailing':
        'For SDXL-Lightning and its like: as many steps as the weights were made for, guidance 0.',
      'ddim-trailing': 'For Hyper-SD: as many steps as the weights were made for, guidance 0.',
      'lcm-trailing': 'For DMD2: 4 steps, guidance 0.',
      tcd: 'For trajectory consistency models: 4 to 8 steps, eta 0.3.',
      'flow-euler': 'For flow-matching models only.',
      'edm-dpmpp-2m': 'For EDM models only (Playground 2.5, CosXL): 15 to 30 steps, guidance about 3.',
      'edm-euler': 'For EDM models only (Playground 2.5, CosXL): 20 to 40 steps, guidance about 5.',
    } satisfies Record<SchedulerId, string>,
    right: (model: string) => `Right for ${model}`,
    others: 'For other kinds of model',
    refused: (model: string) => `Does not work with ${model}.`,
    unsuited: (model: string) => `Not made for ${model}: expect poor pictures.`,
  },
  settingsOffer: {
    madeWith: (tool: string) => `Made with ${tool}`,
    unknownTool: 'an unknown program',
    pastedFrom: (tool: string) => `Pasted from ${tool}`,
    summary: (from: string, differing: number) =>
      `${from}: ${differing === 0 ? 'the form already has its settings' : `${differing} ${differing === 1 ? 'setting differs' : 'settings differ'}`}`,
    nothing: (from: string) => `${from}: its settings cannot be read here`,
    becomes: 'becomes',
    use: 'Use its settings',
    undo: 'Undo',
    pasteAsText: 'Paste as text',
    dismiss: 'Dismiss',
    /** How the picture to start from is placed, and what steers, where a note names it. */
    placing: {
      offset: 'Position of the picture',
      border: 'Border',
      controls: 'Control layer',
      picturePrompts: 'Picture prompt',
      controlModel: 'Control model',
      ipAdapter: 'IP-Adapter',
    },
    notes: {
      'unknown-sampler': ({ name }) => `Its sampler, ${name || 'unnamed'}, is not supported here.`,
      'other-schedule': ({ name }, { sampler }) =>
        `Its schedule, ${name}, is not supported here: ${sampler} uses its own.`,
      'near-sampler': ({ name }, { sampler }) =>
        `Its sampler, ${name}, works a little differently there; ${sampler} is the closest match here.`,
      'other-upscaler': ({ name, upscaler }) =>
        `Its upscaler, ${name || 'unnamed'}, is not available here: ${upscaler === 'latent' ? 'the latents are enlarged bilinearly' : 'the picture is enlarged with Lanczos'} instead.`,
      unread: (_, { label }) => `${label} could not be read from the file and stays as it is.`,
      refused: ({ value }, { label }) => `${label} ${value} cannot be set here.`,
      'no-counterpart': ({ name }) => `${name} has no equivalent here.`,
      'not-here': ({ name }, { label }) => `${label} ${name} is not on this device.`,
      embedding: ({ name }) => `It used the embedding ${name}, which is not here.`,
      'began-with-picture': () => 'It started from another picture, which is not inside the file.',
      'steered-by-pictures': ({ layers, prompts }) =>
        layers === 0
          ? `It has ${prompts === 1 ? 'a picture prompt' : `${prompts} picture prompts`}, whose pictures are not inside the file: choose them again.`
          : prompts === 0
            ? layers === 1
              ? 'It has a control layer, whose picture is not inside the file: choose it again.'
              : `It has ${layers} control layers, whose pictures are not inside the file: choose them again.`
            : 'The pictures of its control layers and picture prompts are not inside the file: choose them again.',
      'other-preprocessor': ({ name, preprocessor }) =>
        preprocessor === 'none'
          ? `${name} cannot make a map here: give its control layer a finished one.`
          : `${name} made its map; Safelight’s own of that kind differs a little.`,
      'other-syntax': ({ name }, { tool }) =>
        `Its prompt uses ${tool}’s syntax (${name}), which is read as plain words here.`,
      'other-emphasis': (_, { tool }) =>
        `${tool} weights words in brackets by a rule Safelight does not have, so they may count a little more or less here.`,
      stopped: ({ pass, step, steps }) =>
        `It was stopped at ${pass === 2 ? 'Hires step' : 'step'} ${step} of ${steps}; painted again, it is finished.`,
      unreadable: () => 'Safelight does not know this format of settings; the form stays as it is.',
      newer: () => 'It was made by a newer Safelight; everything this version knows was read.',
    } satisfies TextsFor<OfferNote, [names: { label: string; sampler: string; tool: string }]>,
  },
  startImage: {
    label: 'Start from a picture',
    choose: 'Choose a picture…',
    chooseAnother: 'Choose another…',
    hint: 'Or drop or paste one. It never leaves this machine.',
    remove: 'Remove the picture',
    tooWeak: 'Too low for a single step: raise it, or raise Steps.',
    stepsDone: (done: number, steps: number) =>
      `Runs ${done} of ${steps} steps; a lower value keeps more of the picture.`,
    nine: 'Nine variations',

    picture: 'Start picture',
    place: 'Position of the picture',
    cutOut: 'Crop',
    drag: 'Drag it, or use the arrow keys.',
    sizes: (file: Size, here: Size) =>
      `${file.width} × ${file.height} in the file, ${here.width} × ${here.height} here.`,
    sizesStretched: (file: Size, here: Size) =>
      `${file.width} × ${file.height} in the file, ${here.width} × ${here.height} here, stretched.`,
    cutOff: (sides: string) => `Cropped: ${sides} of the file’s pixels.`,
    toPaint: (sides: string) => `To paint: ${sides} pixels.`,
    /** So many pixels on a side. */
    onSide: {
      left: (pixels: number) => `${pixels} left`,
      top: (pixels: number) => `${pixels} top`,
      right: (pixels: number) => `${pixels} right`,
      bottom: (pixels: number) => `${pixels} bottom`,
    },

    extend: 'Extend…',
    extendLabel: 'Extend the picture',
    sides: { left: 'Left', top: 'Top', right: 'Right', bottom: 'Bottom' },
    edges: { left: 'left edge', top: 'top edge', right: 'right edge', bottom: 'bottom edge' },
    pixels: (pixels: number) => `${pixels} pixels`,
    inAll: (width: number, height: number) => `${width} × ${height} pixels in total`,
    clear: 'Clear',
    done: 'Done',
    leaveEdges: 'Discard changes',
  },
};

/** What every language says. */
export type Texts = typeof en;

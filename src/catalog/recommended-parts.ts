/** What is worth downloading from the Hub. */
export interface RecommendedPart {
  /** `owner/name`. */
  readonly id: string;
  readonly label: string;
  /** The commit that these figures belong to; `main` if it could not be looked up. */
  readonly revision: string;
  readonly licence: string;
  /** Size of the download, bytes: in half precision if the repository has it. */
  readonly downloadBytes: number;
}

/** VAEs that go with several models. */
export const RECOMMENDED_VAES = [
  {
    id: 'madebyollin/taesd',
    label: 'TAESD',
    revision: '614f76814bbe30edbe2e627ace1c2234c81a2c0e',
    licence: 'MIT',
    downloadBytes: 9_793_292,
  },
  {
    id: 'madebyollin/taesdxl',
    label: 'TAESDXL',
    revision: 'main',
    licence: 'MIT',
    downloadBytes: 9_793_292,
  },
  {
    id: 'madebyollin/sdxl-vae-fp16-fix',
    label: 'SDXL VAE FP16 Fix',
    revision: 'main',
    licence: 'MIT',
    downloadBytes: 334_643_268,
  },
] as const satisfies readonly RecommendedPart[];

/** Control models, by their makers' names: what each is for is in its name (`controlPurpose`). Sizes are rounded. */
export const RECOMMENDED_CONTROLS = [
  {
    id: 'lllyasviel/control_v11p_sd15_canny',
    label: 'ControlNet 1.1 Canny',
    revision: 'main',
    licence: 'OpenRAIL',
    downloadBytes: 723_000_000,
  },
  {
    id: 'lllyasviel/control_v11p_sd15_scribble',
    label: 'ControlNet 1.1 Scribble',
    revision: 'main',
    licence: 'OpenRAIL',
    downloadBytes: 723_000_000,
  },
  {
    id: 'lllyasviel/control_v11f1p_sd15_depth',
    label: 'ControlNet 1.1 Depth',
    revision: 'main',
    licence: 'OpenRAIL',
    downloadBytes: 723_000_000,
  },
  {
    id: 'TencentARC/t2i-adapter-canny-sdxl-1.0',
    label: 'T2I-Adapter Canny SDXL',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 158_000_000,
  },
  {
    id: 'TencentARC/t2i-adapter-depth-midas-sdxl-1.0',
    label: 'T2I-Adapter Depth SDXL',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 158_000_000,
  },
] as const satisfies readonly RecommendedPart[];

/** IP-Adapters, each with its image encoder: ViT-H, which these share, in float32. Sizes are rounded. */
export const RECOMMENDED_IP_ADAPTERS = [
  {
    id: 'h94/IP-Adapter/models/ip-adapter_sd15.safetensors',
    label: 'IP-Adapter SD1.5',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 2_573_000_000,
  },
  {
    id: 'h94/IP-Adapter/models/ip-adapter-plus_sd15.safetensors',
    label: 'IP-Adapter Plus SD1.5',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 2_626_000_000,
  },
  {
    id: 'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl_vit-h.safetensors',
    label: 'IP-Adapter SDXL',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 3_226_000_000,
  },
  {
    id: 'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors',
    label: 'IP-Adapter Plus SDXL',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 3_376_000_000,
  },
] as const satisfies readonly RecommendedPart[];

/** Models that estimate depth, for maps of it: Depth Anything, exported for onnxruntime. */
export const RECOMMENDED_DEPTH = [
  {
    id: 'onnx-community/depth-anything-v2-small',
    label: 'Depth Anything V2, small',
    revision: '34f40a4c93991327074907b51792dbc27e7d6f1c',
    licence: 'Apache 2.0',
    downloadBytes: 99_100_000,
  },
] as const satisfies readonly RecommendedPart[];

/** Models that upscale finished pictures: Swin2SR, exported for onnxruntime. */
export const RECOMMENDED_UPSCALERS = [
  {
    id: 'Xenova/swin2SR-lightweight-x2-64',
    label: 'Swin2SR × 2, light',
    revision: '54ccc3f9ed678912a9c47dc14f6c478855380a2b',
    licence: 'Apache 2.0',
    downloadBytes: 8_080_000,
  },
  {
    id: 'Xenova/swin2SR-realworld-sr-x4-64-bsrgan-psnr',
    label: 'Swin2SR × 4',
    revision: 'main',
    licence: 'Apache 2.0',
    downloadBytes: 54_300_000,
  },
] as const satisfies readonly RecommendedPart[];

/** What finds the thing at a point of a picture: SAM, exported for onnxruntime. */
export const RECOMMENDED_SEGMENTER = {
  id: 'Xenova/slimsam-77-uniform',
  label: 'SlimSAM',
  revision: 'main',
  licence: 'Apache 2.0',
  downloadBytes: 39_000_000,
} as const satisfies RecommendedPart;

/** What removes the background of a picture, whatever stands before it: U²-Net's small variant, exported for onnxruntime. */
export const RECOMMENDED_BACKGROUND_REMOVAL = {
  id: 'BritishWerewolf/U-2-Netp',
  label: 'U²-Net, small',
  revision: 'main',
  licence: 'Apache 2.0',
  downloadBytes: 4_600_000,
} as const satisfies RecommendedPart;

/** What is recommended beside whole models. */
export const RECOMMENDED_PARTS = [
  ...[...RECOMMENDED_VAES, ...RECOMMENDED_CONTROLS, ...RECOMMENDED_IP_ADAPTERS, ...RECOMMENDED_DEPTH],
  ...[...RECOMMENDED_UPSCALERS, RECOMMENDED_SEGMENTER, RECOMMENDED_BACKGROUND_REMOVAL],
];

/** The id of a recommended VAE, control model, upscaler or other network for pictures. */
export type RecommendedPartId = (typeof RECOMMENDED_PARTS)[number]['id'];

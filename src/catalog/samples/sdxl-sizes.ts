/**
 * The nine sizes of about 1024² pixels that Stability AI gives for SDXL (the `text-to-image` reference of its REST API,
 * stable-diffusion-xl-1024-v1-0); all of them are among the training sizes of Podell et al. 2023, appendix I.
 */
export const SDXL_SIZES = [
  [1024, 1024],
  [1152, 896],
  [896, 1152],
  [1216, 832],
  [832, 1216],
  [1344, 768],
  [768, 1344],
  [1536, 640],
  [640, 1536],
] as const;

import type { Language } from '../../state/page/language-store.ts';
import type { HelpName, SettingHelpTexts } from './setting-help.ts';
import { DE } from './setting-help-de.ts';
import { EN } from './setting-help-en.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

export const SETTING_HELP: Readonly<Record<Language, SettingHelpTexts>> = { en: EN, de: DE };

/** What diffusers calls a setting, where it has a name for it. */
export const DIFFUSERS_NAMES: Readonly<Partial<Record<HelpName, string>>> = {
  prompt: 'prompt',
  negativePrompt: 'negative_prompt',
  vae: 'vae',
  unet: 'unet',
  textEncoder: 'text_encoder',
  numInferenceSteps: 'num_inference_steps',
  guidanceScale: 'guidance_scale',
  scheduler: 'scheduler',
  seed: 'generator',
  width: 'width',
  height: 'height',
  numImages: 'num_images_per_prompt',
  strength: 'strength',
  paddingMaskCrop: 'padding_mask_crop',
  guidanceRescale: 'guidance_rescale',
  clipSkip: 'clip_skip',
  eta: 'eta',
  prediction: 'prediction_type',
  controlScale: 'controlnet_conditioning_scale',
  picturePromptScale: 'ip_adapter_scale',
  controlPart: 'control_guidance_start, control_guidance_end',
  controlGuess: 'guess_mode',
};

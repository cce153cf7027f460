import type { RecommendedControlId } from '../../catalog/recommended-parts.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  groups: {
    paint: 'To paint with',
    steer: 'To steer with',
    enlarge: 'To enlarge with',
    parts: 'Parts of models',
  },
  about: {
    'lllyasviel/control_v11p_sd15_canny':
      'For Stable Diffusion 1.5: keeps the edges of a picture, and paints all else anew.',
    'lllyasviel/control_v11p_sd15_scribble': 'For Stable Diffusion 1.5: makes a picture of a rough drawing.',
    'lllyasviel/control_v11f1p_sd15_depth':
      'For Stable Diffusion 1.5: keeps what is near and what is far in a picture.',
    'TencentARC/t2i-adapter-canny-sdxl-1.0':
      'For SDXL: keeps the edges of a picture. Small, and hardly slower than without.',
    'TencentARC/t2i-adapter-depth-midas-sdxl-1.0':
      'For SDXL: keeps what is near and far. Small, and hardly slower than without.',
    'onnx-community/depth-anything-v2-small':
      'Sees how near everything in a picture is, and makes the depth and normal maps of control layers.',
    'h94/IP-Adapter/models/ip-adapter_sd15.safetensors':
      'For Stable Diffusion 1.5: pictures say what to paint, as a prompt does. Most of it is an encoder that all four share.',
    'h94/IP-Adapter/models/ip-adapter-plus_sd15.safetensors':
      'For Stable Diffusion 1.5: the same, nearer to the picture that is shown.',
    'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl_vit-h.safetensors':
      'For SDXL: pictures say what to paint, as a prompt does.',
    'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors':
      'For SDXL: the same, nearer to the picture that is shown.',
  } satisfies Record<RecommendedControlId, string>,
  addOns: 'LoRAs and embeddings',
  noAddOns:
    'None yet. LoRAs are added below, from the Hub or from disk; embeddings under Advanced, beside the prompt.',
  embedding: 'an embedding',
  inUse: 'In use',
  addToPrompt: 'Add to prompt',
  remove: 'Remove',
  samples:
    'Beside each stands the last picture made with it here, a favourite first, or the one in its own file. None is fetched from elsewhere.',
};

const de: typeof en = {
  groups: {
    paint: 'Zum Malen',
    steer: 'Zum Steuern',
    enlarge: 'Zum Vergrößern',
    parts: 'Teile von Modellen',
  },
  about: {
    'lllyasviel/control_v11p_sd15_canny':
      'Für Stable Diffusion 1.5: behält die Kanten eines Bildes und malt alles andere neu.',
    'lllyasviel/control_v11p_sd15_scribble':
      'Für Stable Diffusion 1.5: macht aus einer groben Zeichnung ein Bild.',
    'lllyasviel/control_v11f1p_sd15_depth':
      'Für Stable Diffusion 1.5: behält, was in einem Bild nah und was fern ist.',
    'TencentARC/t2i-adapter-canny-sdxl-1.0':
      'Für SDXL: behält die Kanten eines Bildes. Klein und kaum langsamer als ohne.',
    'TencentARC/t2i-adapter-depth-midas-sdxl-1.0':
      'Für SDXL: behält, was nah und was fern ist. Klein und kaum langsamer als ohne.',
    'onnx-community/depth-anything-v2-small':
      'Sieht, wie nah alles in einem Bild ist, und macht die Tiefen- und Normalenkarten der Kontrollebenen.',
    'h94/IP-Adapter/models/ip-adapter_sd15.safetensors':
      'Für Stable Diffusion 1.5: Bilder sagen, was gemalt wird, wie ein Prompt. Das meiste davon ist ein Encoder, den alle vier sich teilen.',
    'h94/IP-Adapter/models/ip-adapter-plus_sd15.safetensors':
      'Für Stable Diffusion 1.5: dasselbe, näher an dem gezeigten Bild.',
    'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl_vit-h.safetensors':
      'Für SDXL: Bilder sagen, was gemalt wird, wie ein Prompt.',
    'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors':
      'Für SDXL: dasselbe, näher an dem gezeigten Bild.',
  },
  addOns: 'LoRAs und Embeddings',
  noAddOns:
    'Noch keine. LoRAs lassen sich unten hinzufügen, aus dem Hub oder von der Festplatte; Embeddings in „Erweitert“ neben dem Prompt.',
  embedding: 'ein Embedding',
  inUse: 'In Gebrauch',
  addToPrompt: 'In den Prompt',
  remove: 'Entfernen',
  samples:
    'Neben jedem steht das letzte Bild, das hier damit entstand, ein Favorit zuerst, oder das in seiner eigenen Datei. Von anderswo wird keines geholt.',
};

/** The words of the Models screen that are in no other place. */
export const MODELS_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

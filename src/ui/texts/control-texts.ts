import type { ControlFacts, ControlPurpose } from '../../protocol/control-facts.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  /** What a control model’s maps show. */
  purposes: {
    canny: 'edges (Canny)',
    scribble: 'scribbles',
    lineart: 'line art',
    softedge: 'soft edges',
    mlsd: 'straight lines',
    depth: 'depth',
    normal: 'surface normals',
    openpose: 'poses',
    seg: 'segments',
    tile: 'tile: detail for rough pictures',
    inpaint: 'inpainting',
    shuffle: 'shuffled colours',
    ip2p: 'instructions',
    recolor: 'colouring',
    color: 'colours',
    qr: 'light and dark (QR codes)',
  } satisfies Record<ControlPurpose, string>,
  bases: {
    sd1: 'for Stable Diffusion 1',
    sd2: 'for Stable Diffusion 2',
    sdxl: 'for SDXL',
  } satisfies Record<ControlFacts['base'], string>,
};

const de: typeof en = {
  purposes: {
    canny: 'Kanten (Canny)',
    scribble: 'Skizzen',
    lineart: 'Strichzeichnungen',
    softedge: 'weiche Kanten',
    mlsd: 'gerade Linien',
    depth: 'Tiefe',
    normal: 'Oberflächennormalen',
    openpose: 'Posen',
    seg: 'Segmente',
    tile: 'Tile: Details für grobe Bilder',
    inpaint: 'Inpainting',
    shuffle: 'vermischte Farben',
    ip2p: 'Anweisungen',
    recolor: 'Einfärben',
    color: 'Farben',
    qr: 'Hell und Dunkel (QR-Codes)',
  },
  bases: {
    sd1: 'für Stable Diffusion 1',
    sd2: 'für Stable Diffusion 2',
    sdxl: 'für SDXL',
  },
};

/** The words for control models. */
export const CONTROL_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };

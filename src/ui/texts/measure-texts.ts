import type { MeasuredKernels, MeasuredPart } from '../../protocol/gpu-measurement.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  label: 'This GPU',
  measure: 'Measure this GPU',
  later: 'It can be measured when no picture is being made.',
  about:
    'It takes about a minute. No model is downloaded: the weights are made up. The loaded model makes room, and is loaded again for the next picture.',
  opening: 'Opening the GPU…',
  measuring: (part: string, kernels: string) => `${part}: ${kernels}…`,
  progress: 'Progress',
  parts: {
    convolution: 'One convolution of 320 channels',
    vae: 'VAE, decoding a picture',
    unet: 'Stable Diffusion 1.5, a step with guidance',
  } satisfies Record<MeasuredPart, string>,
  kernels: {
    own: 'Safelight’s kernels',
    onnxruntime: 'onnxruntime’s kernels',
  } satisfies Record<MeasuredKernels, string>,
  bits: (bits: number) => `${bits} bits`,
  columns: { part: 'What', time: 'Time', first: 'First time', load: 'Weights' },
  leftOut: (parts: string) => `Left out, because it would take too long on this GPU: ${parts}.`,
  alone: (part: string, kernels: string) => `${part} (${kernels})`,
  stopped: 'Stopped. This was measured until then.',
  nothing: 'Stopped before anything was measured.',
  untilThen: 'What was measured until then stands in the table.',
  wrongNumbers: {
    sentence: 'This GPU computes wrong results, so its speed means nothing.',
    remedy: 'Install the newest driver of the GPU and the newest browser, then try again.',
  },
  stop: 'Stop',
  again: 'Measure again',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser did not allow copying. Select the table and copy it by hand.',
  close: 'Close',
};
export type MeasureTexts = typeof en;

const de: MeasureTexts = {
  label: 'Diese GPU',
  measure: 'Diese GPU messen',
  later: 'Sie lässt sich messen, wenn kein Bild gemacht wird.',
  about:
    'Es dauert etwa eine Minute. Kein Modell wird geladen: Die Gewichte sind erfunden. Das geladene Modell macht Platz und wird für das nächste Bild neu geladen.',
  opening: 'Die GPU wird geöffnet …',
  measuring: (part, kernels) => `${part}: ${kernels} …`,
  progress: 'Fortschritt',
  parts: {
    convolution: 'Eine Faltung mit 320 Kanälen',
    vae: 'VAE, ein Bild dekodieren',
    unet: 'Stable Diffusion 1.5, ein Schritt mit Guidance',
  },
  kernels: { own: 'Safelights Kernel', onnxruntime: 'onnxruntimes Kernel' },
  bits: (bits) => `${bits} Bit`,
  columns: { part: 'Was', time: 'Zeit', first: 'Zuerst', load: 'Gewichte' },
  leftOut: (parts) => `Weggelassen, weil es auf dieser GPU zu lange dauern würde: ${parts}.`,
  alone: (part, kernels) => `${part} (${kernels})`,
  stopped: 'Angehalten. So viel wurde bis dahin gemessen.',
  nothing: 'Angehalten, bevor etwas gemessen war.',
  untilThen: 'Was bis dahin gemessen wurde, steht in der Tabelle.',
  wrongNumbers: {
    sentence: 'Diese GPU rechnet falsch, deshalb sagt ihre Geschwindigkeit nichts.',
    remedy: 'Den neuesten Treiber der GPU und den neuesten Browser installieren, dann noch einmal versuchen.',
  },
  stop: 'Anhalten',
  again: 'Noch einmal messen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  notCopied: 'Der Browser erlaubte das Kopieren nicht. Die Tabelle markieren und von Hand kopieren.',
  close: 'Schließen',
};

export const MEASURE_TEXTS: Readonly<Record<Language, MeasureTexts>> = { en, de };

import type { AppError, ErrorCode, ErrorDetails } from '../protocol/errors.ts';

/** What happened, and what to do about it. */
export interface ErrorText {
  readonly sentence: string;
  readonly remedy: string;
}

const detail = (details: ErrorDetails, key: string, otherwise: string) => String(details[key] ?? otherwise);

const TEXTS: Readonly<Record<ErrorCode, (details: ErrorDetails, message: string) => ErrorText>> = {
  'no-webgpu': (details) => ({
    sentence: `This browser offers no WebGPU here${details.reason === undefined ? '' : `: ${details.reason}`}.`,
    remedy: 'Set Device to CPU, or to Automatic, and press Generate again.',
  }),
  'device-lost': () => ({
    sentence: 'The GPU was lost: its driver restarted, or the machine slept.',
    remedy: 'Press Generate again. If it happens at once, set Device to CPU.',
  }),
  'out-of-memory': (details) => ({
    sentence: `There is not enough memory${details.component ? ` for the ${details.component}` : ''}.`,
    remedy:
      'Choose a smaller Width and Height, make an 8-bit copy under Models, or close other tabs, and press Generate again.',
  }),
  'wrong-numbers': () => ({
    sentence: 'The numbers went wrong on the way, so there is no picture to show.',
    remedy: 'Set Device to CPU, or try another Sampler or a lower Guidance scale, and press Generate again.',
  }),
  'invalid-request': (details, message) => ({
    sentence: message,
    remedy: `Change ${detail(details, 'field', 'the setting it names')} and press Generate again.`,
  }),
  'unsupported-model': (_, message) => ({
    sentence: `This model cannot be run: ${message}`,
    remedy:
      'The model folder holds something this version does not know. Reload the page for the newest one.',
  }),
  'unsupported-embedding': (_, message) => ({
    sentence: `An embedding cannot be used: ${message}`,
    remedy: 'Remove it under More settings, or add one that was made for this model.',
  }),
  'unsupported-lora': (_, message) => ({
    sentence: `A LoRA cannot be used: ${message}`,
    remedy: 'Remove it, or choose one that was made for this kind of model.',
  }),
  'unsupported-image': (_, message) => ({
    sentence: message,
    remedy: 'Choose a PNG, JPEG, WebP, AVIF or GIF of at most 64 million pixels.',
  }),
  'picture-too-large': (_, message) => ({
    sentence: message,
    remedy: 'Enlarge a smaller picture, or this one by less.',
  }),
  'not-installed': (details) => ({
    sentence: `${detail(details, 'model', 'The model')} is not on this device.`,
    remedy: 'Open Models to download it, or choose another Model.',
  }),
  'repo-not-found': (details) => ({
    sentence: `There is no repository ${detail(details, 'repo', 'of this name')} that anyone may read.`,
    remedy:
      'Check its name. If it is private or was withdrawn, a token of someone who may read it is needed.',
  }),
  'repo-gated': (details) => ({
    sentence: `${detail(details, 'repo', 'This repository')} is only for those who have accepted its terms.`,
    remedy: 'Accept them on the model’s page, then enter an access token under “Hub settings”.',
  }),
  'download-failed': (details) => ({
    sentence: `${detail(details, 'file', 'A file of the model')} could not be loaded${found(details)}.`,
    remedy: 'Check that the server is running and has this file, then press Generate again.',
  }),
  'corrupt-file': (details) => ({
    sentence: `${detail(details, 'file', 'A file of the model')} is damaged${found(details)}.`,
    remedy: 'Press Generate to load it once more. If it stays damaged, put a fresh copy on the server.',
  }),
  'no-storage': ({ what }) => ({
    sentence: `This browser keeps no files for this page, so ${what === 'picture' ? 'no picture stays in the gallery' : 'no model can be downloaded'}.`,
    remedy: 'Open Safelight in a window that is not private, or allow the site to keep data.',
  }),
  'storage-full': ({ what }) =>
    what === 'picture'
      ? {
          sentence: 'There is no room left on this device to keep the picture.',
          remedy: 'Download it, then delete pictures or a model that is not needed any more.',
        }
      : {
          sentence: 'There is no room left on this device for the model.',
          remedy:
            'Delete a model that is not needed any more, or free space on the disk. What has arrived is kept.',
        },
  'worker-crashed': () => ({
    sentence: 'The part that paints has crashed. Your settings are still here.',
    remedy: 'Press Generate to start it anew. A smaller Width and Height needs less memory.',
  }),
  'worker-hung': () => ({
    sentence: 'The part that paints stopped answering, and was ended.',
    remedy: 'Press Generate to start it anew. If it hangs again, set Device to CPU.',
  }),
  aborted: () => ({
    sentence: 'Stopped.',
    remedy: 'Press Generate to begin again.',
  }),
  bug: (_, message) => ({
    sentence: `Something went wrong that should not: ${message}`,
    remedy: 'Press Generate again. If it stays, reload the page: your settings are kept.',
  }),
};

function found({ expected, found, status }: ErrorDetails): string {
  if (expected !== undefined && found !== undefined)
    return `: expected ${short(expected)}, found ${short(found)}`;
  if (status === undefined) return '';
  return typeof status === 'number' ? `: the server answered ${status}` : `: ${status}`;
}

/** A hash is told apart by its beginning. */
function short(value: string | number): string {
  return String(value).replace(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/g, '$1…');
}

/** An error in words a person can act on. */
export function errorText({ code, details, message }: AppError): ErrorText {
  return TEXTS[code](details, message);
}

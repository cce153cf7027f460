import { AppError } from '../../../protocol/errors.ts';

/** A frame of the filmstrip on the page. */
export interface FilmFrame {
  readonly canvas: HTMLCanvasElement;
  /** The step after which it was decoded. */
  readonly label: string;
}

/** How long a frame is shown, and how long the last one. */
const FRAME_MS = 250;
const LAST_MS = 2000;

const MARGIN = 8;
const CAPTION = 20;
const FILM = '#0b0807';
const FILM_TEXT = '#c9a58f';

/**
 * All frames side by side with their steps below, as one PNG.
 * @throws AppError out-of-memory without a canvas of that size
 */
export function stripPng(frames: readonly FilmFrame[]): Promise<Blob> {
  const { width, height } = sizeOf(frames);
  const strip = new OffscreenCanvas(
    MARGIN + frames.length * (width + MARGIN),
    MARGIN + height + CAPTION + MARGIN / 2,
  );
  const context = contextOf(strip);
  context.fillStyle = FILM;
  context.fillRect(0, 0, strip.width, strip.height);
  context.fillStyle = FILM_TEXT;
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [i, { canvas, label }] of frames.entries()) {
    const x = MARGIN + i * (width + MARGIN);
    context.drawImage(canvas, x, MARGIN, width, height);
    context.fillText(label, x + width / 2, MARGIN + height + CAPTION / 2 + 2);
  }
  return strip.convertToBlob({ type: 'image/png' });
}

/**
 * The frames as a GIF that loops; the last one stays longer. Each frame has 256 colours of its own.
 * @throws AppError out-of-memory without a canvas; download-failed where the encoder, loaded when it is first used, is not there
 */
export async function filmGif(frames: readonly FilmFrame[]): Promise<Blob> {
  const { applyPalette, GIFEncoder, quantize } = await import('gifenc').catch((cause: unknown) => {
    throw new AppError('download-failed', 'gifenc did not load.', { file: 'gifenc' }, { cause });
  });
  const { width, height } = sizeOf(frames);
  const context = contextOf(new OffscreenCanvas(width, height));
  const gif = GIFEncoder();
  for (const [i, { canvas }] of frames.entries()) {
    context.drawImage(canvas, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(data, 256);
    const delay = i === frames.length - 1 ? LAST_MS : FRAME_MS;
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
    // Lets the page respond while a long film is made.
    await pause(0);
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: 'image/gif' });
}

const VIDEO_TYPES = ['video/mp4;codecs=avc1.42E01F', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8'];
/** Pixels of the shorter side: encoders reject smaller frames, or spoil them. */
const SMALLEST_VIDEO = 256;

/** A MIME type of video that this browser can record, or null. */
export function videoType(): string | null {
  if (typeof MediaRecorder === 'undefined' || !('captureStream' in HTMLCanvasElement.prototype)) return null;
  return VIDEO_TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/**
 * The frames as a video of `type`. Recording takes as long as the film.
 * @throws AppError out-of-memory without a canvas; bug where the encoder fails
 */
export async function filmVideo(frames: readonly FilmFrame[], type: string): Promise<Blob> {
  const { width, height } = sizeOf(frames);
  const scale = Math.ceil(SMALLEST_VIDEO / Math.min(width, height, SMALLEST_VIDEO));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: width * scale, height: height * scale });
  const context = canvas.getContext('2d');
  if (!context) throw noCanvas();
  context.imageSmoothingEnabled = false;

  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type, videoBitsPerSecond: 8e6 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const over = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new AppError('bug', 'The browser’s video encoder failed.'));
  });
  recorder.start();
  for (const [i, frame] of frames.entries()) {
    const shown = i === frames.length - 1 ? LAST_MS : FRAME_MS;
    // Drawn again and again: a recording gets a frame only when something is drawn, and ends with the last one.
    for (let ms = 0; ms < shown; ms += FRAME_MS / 5) {
      context.drawImage(frame.canvas, 0, 0, canvas.width, canvas.height);
      await pause(FRAME_MS / 5);
    }
  }
  recorder.stop();
  await over;
  return new Blob(parts, { type: recorder.mimeType });
}

/** The size of the last frame, which is the largest. */
function sizeOf(frames: readonly FilmFrame[]): { width: number; height: number } {
  const last = frames.at(-1)?.canvas;
  if (!last) throw new RangeError('A film has a frame at least.');
  return last;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw noCanvas();
  return context;
}

const noCanvas = () => new AppError('out-of-memory', 'No canvas for the film.');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What can be asked for. */
export type ModelName = 'sd15' | 'sdxl' | 'vae';

/** What run.mjs asks of the page. */
export interface Options {
  readonly models: readonly ModelName[];
  /** Narrow models on small pictures, to try the bench out. */
  readonly small: boolean;
  /** Where PyTorch's files are served (torch_side.py); null without them. */
  readonly torch: string | null;
}

/** Whose kernels, and how they store numbers. */
export interface Kernels {
  readonly engine: 'ours' | 'onnxruntime';
  readonly bits: 16 | 32;
}

export interface AdapterRow {
  readonly kind: 'adapter';
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly features: readonly string[];
  readonly bufferMB: number;
  readonly bindingMB: number;
}

/** A graph as a session. */
export interface SessionRow extends Kernels {
  readonly kind: 'session';
  readonly title: string;
  /** Bytes that our kernels plan on the GPU. */
  readonly plannedBytes?: number;
  readonly weightBytes: number;
  readonly loadMs: number;
  readonly firstMs: number;
  readonly medianMs: number;
  /** Against others, as the result's length measures it: ‖found − expected‖ / ‖expected‖. */
  readonly errors: Readonly<Record<string, number>>;
}

/** From nothing to a picture. */
export interface PictureRow extends Kernels {
  readonly kind: 'picture';
  readonly title: string;
  /** Of cases.ts. */
  readonly setting: string;
  readonly steps: number;
  /** The most that our kernels plan on the GPU at once, and that was created there. */
  readonly plannedBytes?: number;
  readonly allocatedBytes: number;
  readonly seconds: number;
  /** What of it was spent on opening the device, on sessions, and on the steps. */
  readonly deviceSeconds: number;
  readonly loadSeconds: number;
  readonly stepsSeconds: number;
}

/** Goes on after a part that failed. */
export interface FailureRow extends Kernels {
  readonly kind: 'failure';
  readonly title: string;
  readonly message: string;
}

/** A step's kernels, as a table. */
export interface StepsRow {
  readonly kind: 'steps';
  readonly text: string;
}

/** Printed while it runs. */
export interface NoteRow {
  readonly kind: 'note';
  readonly text: string;
}

export type Row = AdapterRow | SessionRow | PictureRow | FailureRow | StepsRow | NoteRow;

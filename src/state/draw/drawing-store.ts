import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { Size } from '../../protocol/placement.ts';
import type { Drawing, DrawingStorage, Mark } from '../../storage/stored-drawing.ts';
import { PAPER } from './paint-mark.ts';
import { createPaper } from './paper.ts';

/** Pixels of a drawing's longer side. */
const LONGER_SIDE = 768;
/** Marks that can be undone; when there are this many more, the oldest become part of the ground. */
const UNDOABLE = 24;

/** The drawing, and what can be done with it. It is stored between visits. */
export interface DrawingState {
  /** Null until what is stored has been read. */
  readonly drawing: Drawing | null;
  /** The decoded files of the drawing, and of what was undone. */
  readonly pictures: ReadonlyMap<Blob, ImageBitmap>;
  /** What was undone, the last one first. */
  readonly undone: readonly Mark[];
  /** Why the last picture could not be taken; null once something else is done. */
  readonly error: AppError | null;
  /** Reads the stored drawing, or begins one of this shape. */
  load(shape: Size): Promise<void>;
  add(mark: Mark): void;
  undo(): void;
  redo(): void;
  /** Puts a picture over the paper, whole, in its middle; if the file is none, `error` says so and the drawing stays. */
  placePicture(file: Blob): Promise<void>;
  /** Gives the paper another shape, with all that is drawn whole in its middle. It cannot be undone. */
  reshape(shape: Size): Promise<void>;
}

/** What the store needs of the browser's canvases. */
export interface DrawingCanvas {
  /** A file that is known to be a picture. */
  decode(file: Blob): Promise<ImageBitmap>;
  /** The bitmap whole in the middle of white paper, as a file. */
  place(bitmap: ImageBitmap, size: Size): Promise<Blob>;
  /** The drawing as a file. */
  flatten(drawing: Drawing, pictures: ReadonlyMap<Blob, ImageBitmap>): Promise<Blob>;
}

/** The size of a drawing in the shape of a picture. */
export function drawingSize({ width, height }: Size): Size {
  const scale = LONGER_SIDE / Math.max(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Whether there is nothing to be seen. */
export function isBlank({ ground, marks }: Drawing): boolean {
  const last = marks.at(-1);
  return last ? last.kind === 'fill' && last.colour === PAPER : ground === null;
}

/** @param client looks at pictures before they are decoded */
export function createDrawingStore(
  client: Caller,
  storage: DrawingStorage,
  canvas: DrawingCanvas,
): StoreApi<DrawingState> {
  return createStore<DrawingState>()((set, get) => {
    const put = (drawing: Drawing, undone: readonly Mark[]) => {
      set({ drawing, undone, pictures: used(get().pictures, drawing, undone), error: null });
      // If it cannot be stored it lives as long as the page, and it is for the storage to say so.
      storage.save(drawing).catch(() => {});
    };
    const decoded = async (file: Blob) => {
      const picture = await canvas.decode(file);
      set({ pictures: new Map(get().pictures).set(file, picture) });
    };
    const ground = grounding(canvas, get, decoded, put);
    return {
      drawing: null,
      pictures: new Map(),
      undone: [],
      error: null,

      async load(shape) {
        const stored = await storage.load().catch(() => null);
        if (get().drawing) return;
        const kept = stored && (await withPictures(stored, decoded, storage));
        set({ drawing: kept ?? { ...drawingSize(shape), ground: null, marks: [] } });
      },

      add(mark) {
        const { drawing } = get();
        if (!drawing) return;
        put({ ...drawing, marks: [...drawing.marks, mark] }, []);
        // The marks stay where there is no memory for a copy.
        ground().catch(() => {});
      },

      undo() {
        const { drawing, undone } = get();
        const last = drawing?.marks.at(-1);
        if (drawing && last) put({ ...drawing, marks: drawing.marks.slice(0, -1) }, [last, ...undone]);
      },

      redo() {
        const { drawing, undone } = get();
        const [next, ...rest] = undone;
        if (drawing && next) put({ ...drawing, marks: [...drawing.marks, next] }, rest);
      },

      ...pictureActions(client, canvas, { get, set, decoded, put }),
    };
  });
}

type Decode = (file: Blob) => Promise<void>;
type Put = (drawing: Drawing, undone: readonly Mark[]) => void;

/** What makes the oldest marks part of the ground, once there are many. */
function grounding(canvas: DrawingCanvas, get: () => DrawingState, decoded: Decode, put: Put) {
  let isGrounding = false;
  return async () => {
    const before = get().drawing;
    if (!before || isGrounding || before.marks.length <= 2 * UNDOABLE) return;
    isGrounding = true;
    const old = { ...before, marks: before.marks.slice(0, -UNDOABLE) };
    try {
      const file = await canvas.flatten(old, get().pictures);
      await decoded(file);
      const now = get().drawing;
      // They may have been undone meanwhile.
      if (now?.ground !== before.ground || old.marks.some((mark, i) => now.marks[i] !== mark)) return;
      put({ ...now, ground: file, marks: now.marks.slice(old.marks.length) }, get().undone);
    } finally {
      isGrounding = false;
    }
  };
}

/** What puts pictures on the paper. */
function pictureActions(
  client: Caller,
  canvas: DrawingCanvas,
  {
    get,
    set,
    decoded,
    put,
  }: {
    readonly get: () => DrawingState;
    readonly set: (change: Partial<DrawingState>) => void;
    readonly decoded: Decode;
    readonly put: Put;
  },
): Pick<DrawingState, 'placePicture' | 'reshape'> {
  const during = async (job: () => Promise<void>) => {
    set({ error: null });
    await job().catch((error: unknown) => set({ error: fromWire(toWire(error)) }));
  };
  return {
    placePicture: (file) =>
      during(async () => {
        await client.call('inspectImage', { file });
        const bitmap = await canvas.decode(file);
        const { drawing } = get();
        if (!drawing) return bitmap.close();
        const placed = await canvas.place(bitmap, drawing).finally(() => bitmap.close());
        await decoded(placed);
        get().add({ kind: 'picture', file: placed });
      }),
    reshape: (shape) =>
      during(async () => {
        const { drawing, pictures } = get();
        if (!drawing) return;
        const size = drawingSize(shape);
        const flat = await canvas.decode(await canvas.flatten(drawing, pictures));
        const file = await canvas.place(flat, size).finally(() => flat.close());
        await decoded(file);
        put({ ...size, ground: file, marks: [] }, []);
      }),
  };
}

/** The decoded pictures that are still of use; the others are freed. */
function used(
  pictures: DrawingState['pictures'],
  { ground, marks }: Drawing,
  undone: readonly Mark[],
): DrawingState['pictures'] {
  const files = [...marks, ...undone].flatMap((mark) => (mark.kind === 'picture' ? [mark.file] : []));
  const kept = [...pictures].filter(([file, picture]) => {
    const isUsed = file === ground || files.includes(file);
    if (!isUsed) picture.close();
    return isUsed;
  });
  return kept.length === pictures.size ? pictures : new Map(kept);
}

/** A stored drawing without the pictures that cannot be decoded any more. */
async function withPictures(
  drawing: Drawing,
  decode: (file: Blob) => Promise<void>,
  { unreadable }: DrawingStorage,
): Promise<Drawing> {
  let lost = 0;
  const decodable = async (file: Blob) => {
    try {
      await decode(file);
      return true;
    } catch {
      lost++;
      return false;
    }
  };
  const ground = drawing.ground && (await decodable(drawing.ground)) ? drawing.ground : null;
  const marks: Mark[] = [];
  for (const mark of drawing.marks)
    if (mark.kind !== 'picture' || (await decodable(mark.file))) marks.push(mark);
  if (lost > 0) unreadable(lost);
  return { ...drawing, ground, marks };
}

/** The browser's canvases. */
export const browserCanvas: DrawingCanvas = {
  decode: (file) => createImageBitmap(file),
  async place(bitmap, size) {
    const paper = new OffscreenCanvas(size.width, size.height);
    const context = paper.getContext('2d');
    if (!context) throw new AppError('out-of-memory', 'There is not enough memory for the picture.');
    const scale = Math.min(size.width / bitmap.width, size.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    context.imageSmoothingQuality = 'high';
    context.fillStyle = PAPER;
    context.fillRect(0, 0, size.width, size.height);
    context.drawImage(bitmap, (size.width - width) / 2, (size.height - height) / 2, width, height);
    return paper.convertToBlob({ type: 'image/png' });
  },
  async flatten(drawing, pictures) {
    const canvas = new OffscreenCanvas(drawing.width, drawing.height);
    createPaper(canvas).show(drawing, pictures);
    return canvas.convertToBlob({ type: 'image/png' });
  },
};

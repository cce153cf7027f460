import { createStore, type StoreApi } from 'zustand/vanilla';
import { SETTING_NAMES } from '../../protocol/settings.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';
import type { Controls } from './controls-store.ts';
import type { Fields } from './fields.ts';
import type { InitImageState } from './init-image-store.ts';
import type { PicturePrompts } from './picture-prompts-store.ts';
import { type ReplacedItems, replacedItems, withItems } from './replaced-items.ts';
import type { Settings } from './settings-store.ts';

/** What is to become of the seed. */
type SeedUse = Pick<Settings, 'seedLocked' | 'spentSeed'>;

/** The form at a moment. */
interface Form {
  readonly fields: Fields;
  readonly seedUse: SeedUse;
  readonly styles: readonly string[];
  readonly image: StoredInitImage | null;
  readonly controls: readonly StoredControl[];
  readonly picturePrompts: readonly StoredPicturePrompt[];
}

/** What a takeover has replaced, and only that, so that what a person has typed or pressed since stays. */
export interface Replaced {
  readonly fields: Partial<Fields>;
  readonly seedUse?: SeedUse;
  readonly styles?: readonly string[];
  /** Absent where the picture to start from stayed. */
  readonly image?: StoredInitImage | null;
  /** Absent where no control layer was. */
  readonly controls?: ReplacedItems<StoredControl>;
  /** Absent where no picture prompt was. */
  readonly picturePrompts?: ReplacedItems<StoredPicturePrompt>;
}

/** Takeovers of the form: whatever fills it without a person typing. Each can be undone and redone. */
export interface Takeovers {
  /** What undoing puts back, the latest last. */
  readonly past: readonly Replaced[];
  readonly future: readonly Replaced[];
  /**
   * Makes a change of the form and notes what it has replaced.
   * @param change where it waits for the layers and picture prompts that are stored, it calls `begins` then, before it replaces any
   * @returns that; null where nothing was
   */
  during(change: (begins: () => void) => unknown): Promise<Replaced | null>;
  /** @returns whether there was anything to undo */
  undo(): Promise<boolean>;
  redo(): Promise<boolean>;
}

/** Takeovers that can be undone. */
const MAX_PAST = 50;

/** @param settings the form, `initImage` the picture to start from, `controls` and `picturePrompts` what steers */
export function createTakeoversStore(
  settings: StoreApi<Settings>,
  initImage: StoreApi<InitImageState>,
  controls: StoreApi<Controls>,
  picturePrompts: StoreApi<PicturePrompts>,
): StoreApi<Takeovers> {
  const form = (): Form => {
    const { fields, styles, seedLocked, spentSeed } = settings.getState();
    const { file, mask, offset, border } = initImage.getState();
    const image = file && { file, mask, offset, border };
    const { layers } = controls.getState();
    const { prompts } = picturePrompts.getState();
    const steering = { controls: layers, picturePrompts: prompts };
    return { fields, styles, seedUse: { seedLocked, spentSeed }, image, ...steering };
  };
  /** Puts it back. @returns what was there */
  const swap = async (replaced: Replaced): Promise<Replaced> => {
    const { fields, image, styles, seedUse } = replaced;
    const now = form();
    settings.setState({
      ...seedUse,
      ...(styles && { styles }),
      fields: { ...now.fields, ...fields },
      notes: {},
      refused: [],
    });
    if (image !== undefined) await initImage.getState().put(image);
    const layers = replaced.controls && withItems(now.controls, replaced.controls);
    if (layers) controls.getState().put(layers);
    const prompts = replaced.picturePrompts && withItems(now.picturePrompts, replaced.picturePrompts);
    if (prompts) picturePrompts.getState().put(prompts);
    const swapped = steeringOf(now, {
      controls: layers ?? now.controls,
      picturePrompts: prompts ?? now.picturePrompts,
    });
    return {
      fields: valuesNow(fields, now),
      ...(seedUse && { seedUse: now.seedUse }),
      ...(styles && { styles: now.styles }),
      ...(image !== undefined && { image: now.image }),
      ...swapped,
    };
  };
  return createStore<Takeovers>()((set, get) => ({
    past: [],
    future: [],

    async during(change) {
      let before = form();
      await change(() => {
        const { controls: layers, picturePrompts: prompts } = form();
        before = { ...before, controls: layers, picturePrompts: prompts };
      });
      const replaced = difference(before, form());
      if (replaced) set({ past: [...get().past, replaced].slice(-MAX_PAST), future: [] });
      return replaced;
    },

    async undo() {
      const last = get().past.at(-1);
      if (!last) return false;
      set({ past: get().past.slice(0, -1) });
      const undone = await swap(last);
      set({ future: [...get().future, undone] });
      return true;
    },

    async redo() {
      const last = get().future.at(-1);
      if (!last) return false;
      set({ future: get().future.slice(0, -1) });
      const done = await swap(last);
      set({ past: [...get().past, done] });
      return true;
    },
  }));
}

/** What a form has in these fields. */
const valuesNow = (fields: Partial<Fields>, now: Form): Partial<Fields> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, now.fields[name as keyof Fields]]));

/** What of a form was replaced; null where nothing was. */
function difference(before: Form, now: Form): Replaced | null {
  const changed = SETTING_NAMES.filter((name) => before.fields[name] !== now.fields[name]);
  const parts = ['file', 'mask', 'offset', 'border'] as const;
  const isSameImage = parts.every((part) => before.image?.[part] === now.image?.[part]);
  const isSameLock = before.seedUse.seedLocked === now.seedUse.seedLocked;
  const isSameSeed =
    isSameLock && before.seedUse.spentSeed === now.seedUse.spentSeed && !changed.includes('seed');
  const isSameStyles = before.styles.join('\n') === now.styles.join('\n');
  const steering = steeringOf(before, now);
  if (changed.length === 0 && isSameImage && isSameLock && isSameStyles && Object.keys(steering).length === 0)
    return null;
  return {
    fields: valuesNow(Object.fromEntries(changed.map((name) => [name, ''])), before),
    ...(!isSameSeed && { seedUse: before.seedUse }),
    ...(!isSameStyles && { styles: before.styles }),
    ...(!isSameImage && { image: before.image }),
    ...steering,
  };
}

/** What of the layers and picture prompts was replaced. */
function steeringOf(
  before: Pick<Form, 'controls' | 'picturePrompts'>,
  now: Pick<Form, 'controls' | 'picturePrompts'>,
): Pick<Replaced, 'controls' | 'picturePrompts'> {
  const controls = replacedItems(before.controls, now.controls);
  const picturePrompts = replacedItems(before.picturePrompts, now.picturePrompts);
  return { ...(controls && { controls }), ...(picturePrompts && { picturePrompts }) };
}

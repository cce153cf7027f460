import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingName } from '../../protocol/settings.ts';

/** Something that has worked, or that the browser has not allowed. */
export type NoticeFact =
  | { readonly kind: 'upscaled'; readonly width: number; readonly height: number }
  /** `absent` names something that the picture was made with and that is not on this device. */
  | { readonly kind: 'settings-applied'; readonly absent: string | null }
  /** `instead` is the model that the form uses now; null where only a component was the deleted one's. */
  | { readonly kind: 'model-deleted'; readonly label: string; readonly instead: string | null }
  /** What was undone or done again named this model, or a part of it, which is not here any more. */
  | { readonly kind: 'model-gone'; readonly label: string; readonly instead: string | null }
  | { readonly kind: 'model-chosen'; readonly label: string }
  /** Few-step settings, of which LoRA or model. */
  | {
      readonly kind: 'fast-on';
      readonly label: string;
      readonly steps: number;
      readonly guidance: number;
      readonly sampler: string;
    }
  /** They are taken back but for these, which a person has changed since. */
  | { readonly kind: 'fast-off'; readonly kept: readonly SettingName[] }
  /** A run was refused for the control layer of this number, counted from 1. */
  | { readonly kind: 'control-refused'; readonly number: number }
  /** The same for a picture prompt. */
  | { readonly kind: 'picture-prompt-refused'; readonly number: number }
  | {
      readonly kind:
        | 'background-removed'
        | 'settings-restored'
        | 'settings-reset'
        | 'prompt-replaced'
        | 'link-applied'
        | 'link-without-pictures'
        | 'seed-reused'
        | 'image-replaced'
        | 'image-removed'
        | 'control-removed'
        | 'picture-prompt-removed'
        | 'image-copied'
        | 'parameters-copied'
        | 'link-copied'
        | 'link-copied-without-pictures'
        | 'image-shared'
        | 'picture-kept'
        | 'not-allowed';
    };

/** What can be done about something that has worked. */
export interface NoticeOptions {
  /** It has replaced something in the form, which can be put back. */
  readonly canUndo: boolean;
}

/** A message that disappears after a while. */
export interface Notice {
  /** Null while there is none. */
  readonly fact: NoticeFact | null;
  /** Counts the messages, so that screen readers read the same one twice. */
  readonly count: number;
  readonly canUndo: boolean;
  say(fact: NoticeFact, options?: NoticeOptions): void;
  hide(): void;
}

const SHOWN_MS = 5_000;
/** A person has to read it, reach the button and press it. */
const UNDO_SHOWN_MS = 12_000;

/** The store of the page's notice. */
export function createNoticeStore(): StoreApi<Notice> {
  return createStore<Notice>()((set, get) => ({
    fact: null,
    count: 0,
    canUndo: false,
    hide: () => set({ fact: null, canUndo: false }),
    say(fact, { canUndo } = { canUndo: false }) {
      const count = get().count + 1;
      set({ fact, count, canUndo });
      setTimeout(
        () => {
          if (get().count === count) get().hide();
        },
        canUndo ? UNDO_SHOWN_MS : SHOWN_MS,
      );
    },
  }));
}

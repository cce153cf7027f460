import { readHash, writeHash } from '../form/url.ts';
import type { Stores } from '../stores.ts';
import { generate } from './generate.ts';
import { applyLinkedSteering, formSteering } from './link-steering.ts';
import { replacedText, takeOver } from './take-over.ts';

/** The address bar, as far as the link needs it. */
export interface Address {
  readHash(): string;
  /** Replaces the hash without a new entry in the history, and makes the entry the page's own. */
  replaceHash(hash: string): void;
  /** Whether the page has written this entry of the history: Back and Forward lead to those, a link makes another. */
  isOwn(): boolean;
}

/**
 * Fills the form from the link, which outranks what was stored, and generates if it says `run=1`. A text that it replaces is
 * told of, and can be put back.
 */
export function applyLink(stores: Stores, address: Address): void {
  const hash = address.readHash();
  const link = readHash(hash);
  const isSteered = link.controls !== undefined || link.picturePrompts !== undefined;
  const applied = takeOver(
    stores,
    (begins) => {
      stores.settings.getState().apply(link);
      return applyLinkedSteering(stores, link, begins);
    },
    (replaced) => {
      if (isSteered && isWaiting(stores)) return { kind: 'link-without-pictures' };
      return replacedText(replaced) ? { kind: 'link-applied' } : null;
    },
  );
  if (hash !== '') address.replaceHash(formHash(stores));
  if (link.run && isSteered) void applied.then(() => generate(stores));
  else if (link.run) generate(stores);
}

/** Whether something steers of which a picture is still to be chosen. */
const isWaiting = ({ controls, picturePrompts }: Stores): boolean =>
  controls.getState().layers.some(({ picture, map }) => !picture && !map) ||
  picturePrompts.getState().prompts.some(({ pictures }) => pictures.length === 0);

/**
 * The same for a link that is followed on the page. Back and Forward change the address too, but no setting: an entry may be older
 * than the form, which it then takes.
 */
export function followLink(stores: Stores, address: Address): void {
  if (address.isOwn()) address.replaceHash(formHash(stores));
  else applyLink(stores, address);
}

/** Keeps the address a link to the form as it stands. Returns what ends that. */
export function followFormInLink(stores: Stores, address: Address): () => void {
  const { settings, controls, picturePrompts } = stores;
  let written = formHash(stores);
  const write = () => {
    const hash = formHash(stores);
    // A link that has just been followed stands in the address and is read next: what changes no setting must not write over it.
    if (hash === written) return;
    written = hash;
    address.replaceHash(hash);
  };
  const ends = [
    settings.subscribe((now, before) => {
      if (now.fields !== before.fields || now.styles !== before.styles) write();
    }),
    controls.subscribe((now, before) => {
      if (now.layers !== before.layers) write();
    }),
    picturePrompts.subscribe((now, before) => {
      if (now.prompts !== before.prompts) write();
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function formHash(stores: Stores): string {
  const { fields, styles } = stores.settings.getState();
  return writeHash(fields, styles, formSteering(stores));
}

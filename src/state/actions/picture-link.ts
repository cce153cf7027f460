import type { PictureSettings, RequestSettings } from '../../protocol/picture-settings.ts';
import { MODEL_NAMES } from '../../protocol/settings.ts';
import { acceptField, type Fields } from '../form/fields.ts';
import { writeHash } from '../form/url.ts';
import type { Stores } from '../stores.ts';
import { fieldsToRestore } from './restore-picture.ts';

/** What is said when a link is copied. @param hasImage whether the picture began with another one */
export function linkCopied(
  { controls = [], picturePrompts = [] }: Pick<RequestSettings, 'controls' | 'picturePrompts'>,
  hasImage: boolean,
): { readonly kind: 'link-copied' | 'link-copied-without-pictures' } {
  const isSteered = controls.length + picturePrompts.length > 0;
  return { kind: hasImage || isSteered ? 'link-copied-without-pictures' : 'link-copied' };
}

/**
 * A link to the form that makes a picture again; what it started from, and the pictures that steered it, are in no link.
 * @param page the address of the page
 */
export function pictureLink(stores: Stores, made: PictureSettings, page: string): string {
  const fields: Partial<Fields> = { ...fieldsToRestore(stores, made).fields };
  // Whether they are on this device is nothing to whoever gets the link.
  for (const name of MODEL_NAMES) {
    const said = acceptField(name, made.settings[name]);
    if (said !== null) Object.assign(fields, { [name]: said });
  }
  const { controls = [], picturePrompts = [] } = made.settings;
  return new URL(`#${writeHash(fields, [], { controls, picturePrompts })}`, page).href;
}

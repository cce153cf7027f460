import { SETTING_NAMES, settingOf } from '../../protocol/settings.ts';
import type { Style } from '../../storage/stored-files.ts';
import { acceptField, type Fields } from '../form/fields.ts';
import type { Stores } from '../stores.ts';
import { takeOver } from './take-over.ts';

/** What a style may set beside its texts: neither those, nor models, nor the seed, nor what belongs to a start picture or a person. */
const STYLED = SETTING_NAMES.filter((name) => {
  const { kind, within, isLocal } = settingOf(name);
  return !['text', 'model'].includes(kind) && name !== 'seed' && within !== 'image' && !isLocal;
});

/** The form's settings as a style keeps them, by their names in a link. */
export const styledSettings = (fields: Fields): Readonly<Record<string, string>> =>
  Object.fromEntries(STYLED.map((name) => [settingOf(name).link, String(fields[name])]));

/** Keeps a style in the place of the one of another name, if it had one. What was chosen stays so, under its new name. */
export function putStyle({ styles, settings }: Stores, style: Style, instead?: string): void {
  styles.getState().put(style, instead);
  if (instead !== undefined && instead !== style.name) chooseInstead(settings, instead, style.name);
}

/** Takes back the last change of the list; a style that was renamed is chosen by the name that it has again. */
export function undoStyles({ styles, settings }: Stores): void {
  const { before, undo } = styles.getState();
  undo();
  if (before?.renamed) chooseInstead(settings, before.renamed.to, before.renamed.from);
}

function chooseInstead(settings: Stores['settings'], from: string, to: string): void {
  const { styles, chooseStyles } = settings.getState();
  if (styles.includes(from)) chooseStyles([...new Set(styles.map((one) => (one === from ? to : one)))]);
}

/** Chooses a style, with the settings that it has, or takes it out again. It can be undone. */
export function toggleStyle(stores: Stores, { name, settings: kept }: Style): Promise<void> {
  const { styles } = stores.settings.getState();
  const isChosen = styles.includes(name);
  const change = () => {
    const { set, chooseStyles } = stores.settings.getState();
    chooseStyles(isChosen ? styles.filter((one) => one !== name) : [...styles, name]);
    if (isChosen || !kept) return;
    for (const setting of STYLED) {
      const value = acceptField(setting, kept[settingOf(setting).link]);
      if (value !== null) set(setting, value);
    }
  };
  return takeOver(stores, change, () =>
    isChosen || !kept ? null : { kind: 'settings-applied', absent: null },
  );
}

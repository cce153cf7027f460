import { useStore } from 'zustand';
import { useLanguage, useSettings, useStores } from '../../page/stores-context.ts';
import { STYLES_TEXTS } from '../../texts/styles-texts.ts';
import { Icon } from '../../widgets/Icon.tsx';
import styles from './Styles.module.css';

/** The styles that are chosen in the form; a press takes one out. */
export function ChosenStyles() {
  const stores = useStores();
  const texts = STYLES_TEXTS[useLanguage(({ language }) => language)];
  const names = useSettings((form) => form.styles);
  const items = useStore(stores.styles, (list) => list.items);
  const { chooseStyles } = stores.settings.getState();
  return (
    <ul className={styles.chosen} aria-label={texts.chosen}>
      {names.map((name) => (
        <li key={name}>
          <button
            type="button"
            aria-label={texts.takeOut(name)}
            onClick={() => chooseStyles(names.filter((one) => one !== name))}
          >
            <span dir="auto">{name}</span>
            {!items.some((one) => one.name === name) && <em> {texts.gone}</em>}
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

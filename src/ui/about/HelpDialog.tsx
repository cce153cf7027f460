import { SETTING_NAMES } from '../../protocol/settings.ts';
import { useLanguage } from '../page/stores-context.ts';
import { useModal } from '../page/use-modal.ts';
import { HELP_TEXTS, type HelpTexts } from '../texts/help-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import styles from './HelpDialog.module.css';

/** The keys that do something, and what each setting does, in plain words. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = HELP_TEXTS[useLanguage(({ language }) => language)];
  const { labels } = useTexts().fields;
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={styles.help} aria-label={texts.title} onClose={onClose} closedby="any">
      <DialogHeading close={texts.close} onClose={() => dialog.current?.close()}>
        {texts.title}
      </DialogHeading>
      <h3>{texts.shortcuts}</h3>
      <Keys texts={texts} />
      <h3>{texts.settings}</h3>
      <dl className={styles.settings}>
        {SETTING_NAMES.map((name) => (
          <div key={name}>
            <dt>{labels[name]}</dt>
            <dd>{texts.about[name]}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

function Keys({ texts: { places, keys } }: { readonly texts: HelpTexts }) {
  const names = Object.keys(places) as (keyof typeof places)[];
  return names.map((place) => (
    <table key={place} className={styles.keys}>
      <caption>{places[place]}</caption>
      <tbody>
        {keys[place].map(([pressed, does]) => (
          <tr key={pressed}>
            <th scope="row">{pressed}</th>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ));
}

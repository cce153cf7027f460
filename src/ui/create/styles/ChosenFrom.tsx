import type { Template } from '../../../protocol/generation.ts';
import { takeOver } from '../../../state/actions/take-over.ts';
import { useLanguage, useStores } from '../../page/stores-context.ts';
import { WILDCARD_TEXTS } from '../../texts/wildcard-texts.ts';
import styles from './Styles.module.css';

/** What the texts of the picture that is shown were chosen from; a press puts it into the form again. */
export function ChosenFrom({ template }: { readonly template: Template }) {
  const stores = useStores();
  const texts = WILDCARD_TEXTS[useLanguage(({ language }) => language)];
  const use = () =>
    takeOver(
      stores,
      () => {
        const { set, chooseStyles } = stores.settings.getState();
        set('prompt', template.prompt);
        set('negativePrompt', template.negativePrompt);
        chooseStyles(template.styles);
      },
      () => null,
    );
  return (
    <div className={styles.notes}>
      <p>
        {texts.chosenFrom} <span dir="auto">{[template.prompt, ...template.styles].join(' · ')}</span>{' '}
        <button type="button" onClick={() => void use()}>
          {texts.useTemplate}
        </button>
      </p>
    </div>
  );
}

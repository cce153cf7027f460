import { takesSchedule } from '../../../catalog/schedules.ts';
import { resetToDefaults } from '../../../state/actions/take-over.ts';
import { usualFields } from '../../../state/form/fields.ts';
import { changedFields } from '../../../state/form/offered-settings.ts';
import { useModelCard, useSettings, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './Options.module.css';

/** Goes back to the model's usual settings: there only while the form has others. */
export function ResetButton() {
  const stores = useStores();
  const texts = useTexts().create;
  const { label, defaults } = useModelCard();
  const count = useSettings(
    ({ fields }) =>
      changedFields(usualFields(defaults), fields).filter(
        // One that is not in sight, nor used.
        (name) => name !== 'schedule' || takesSchedule(fields.scheduler),
      ).length,
  );
  if (count === 0) return null;
  return (
    <p className={styles.reset}>
      <span>{texts.notUsual(count, label)}</span>
      <button type="button" title={texts.resetTo(label)} onClick={() => void resetToDefaults(stores)}>
        {texts.reset}
      </button>
    </p>
  );
}

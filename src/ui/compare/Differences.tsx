import type { PictureRow } from '../../storage/picture-row.ts';
import { useLanguage } from '../page/stores-context.ts';
import { COMPARE_TEXTS } from '../texts/compare-texts.ts';
import { settingFacts } from '../texts/settings-text.ts';
import { steeringFacts } from '../texts/steering-facts.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './CompareDialog.module.css';
import { differences } from './differences.ts';

interface Props {
  readonly left: PictureRow;
  readonly right: PictureRow;
}

/** The settings in which two pictures differ. */
export function Differences({ left, right }: Props) {
  const language = useLanguage((all) => all.language);
  const texts = COMPARE_TEXTS[language];
  const { fields } = useTexts();
  if (!left.settings || !right.settings) return <p className={styles.differences}>{texts.unknown}</p>;
  const [facts, others] = [left, right].map(({ settings }) => {
    const said = settings?.settings ?? {};
    return [...settingFacts(fields, said), ...steeringFacts(language, said)];
  });
  const found = differences(facts ?? [], others ?? []);
  if (found.length === 0) return <p className={styles.differences}>{texts.same}</p>;
  return (
    <div className={styles.differences}>
      <table>
        <caption>{texts.differing}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.setting}</th>
            <th scope="col">{texts.left}</th>
            <th scope="col">{texts.right}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ label, left: one, right: other }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td dir="auto">{one ?? texts.none}</td>
              <td dir="auto">{other ?? texts.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

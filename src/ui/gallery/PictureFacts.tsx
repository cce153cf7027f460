import type { Fields } from '../../state/form/fields.ts';
import { FIELD_OF } from '../../state/form/offered-settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { secondsText } from '../texts/progress-text.ts';
import { fieldText } from '../texts/settings-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './PictureDetail.module.css';

/** Every setting that a picture was made with, and when it was made. */
export function PictureFacts({ row }: { readonly row: PictureRow }) {
  const { gallery: texts, fields: words, progress } = useTexts();
  const { settings, createdAt, seconds, device, width, height } = row;
  const known = Object.entries(FIELD_OF).flatMap(([name, field]) => {
    const value = settings?.settings[name as keyof typeof FIELD_OF];
    if (value === undefined || value === null || value === '') return [];
    const fields = { [field]: String(value) } as unknown as Fields;
    return [[words.labels[field], fieldText(words, field, fields)] as const];
  });
  return (
    <dl className={styles.facts}>
      {known.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
      <div>
        <dt>{texts.made}</dt>
        <dd>
          {texts.madeAt(
            new Date(createdAt),
            seconds === null ? null : secondsText(progress, seconds),
            device,
          )}
          {!settings && `, ${texts.settingsUnknown(width, height)}`}
        </dd>
      </div>
    </dl>
  );
}

import type { SettingValues } from '../../protocol/settings.ts';
import type { Fields } from '../../state/form/fields.ts';
import { OFFERED_NAMES } from '../../state/form/offered-settings.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { secondsText } from '../texts/progress-text.ts';
import { fieldText } from '../texts/settings-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './PictureDetail.module.css';

/** Every setting that a picture was made with, and when it was made. */
export function PictureFacts({ row }: { readonly row: PictureRow }) {
  const { gallery: texts, fields: words, progress } = useTexts();
  const { settings, createdAt, seconds, device, width, height } = row;
  const values: Partial<SettingValues> = settings?.settings ?? {};
  const known = OFFERED_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === null || value === '') return [];
    const fields = { [name]: String(value) } as unknown as Fields;
    return [[words.labels[name], fieldText(words, name, fields)] as const];
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

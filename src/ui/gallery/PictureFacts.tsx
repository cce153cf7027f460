import type { PictureRow } from '../../storage/picture-row.ts';
import { useLanguage } from '../page/stores-context.ts';
import { secondsText } from '../texts/progress-text.ts';
import { settingFacts } from '../texts/settings-text.ts';
import { steeringFacts } from '../texts/steering-facts.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './PictureDetail.module.css';

/** Every setting that a picture was made with, and when it was made. */
export function PictureFacts({ row }: { readonly row: PictureRow }) {
  const { gallery: texts, fields: words, progress } = useTexts();
  const { settings, createdAt, seconds, device, width, height } = row;
  const language = useLanguage((all) => all.language);
  const said = settings?.settings ?? {};
  const facts = [...settingFacts(words, said), ...steeringFacts(language, said)];
  const stopped = settings?.notes.find((note) => note.kind === 'stopped');
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, label, value }) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
      {stopped && (
        <div>
          <dt>{texts.unfinished}</dt>
          <dd>
            {(stopped.pass === 2 ? progress.stoppedInHires : progress.stoppedAt)(stopped.step, stopped.steps)}
          </dd>
        </div>
      )}
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

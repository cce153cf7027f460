import { steeringSettings } from '../../protocol/control.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { useLanguage } from '../page/stores-context.ts';
import { secondsText } from '../texts/progress-text.ts';
import { requestFacts } from '../texts/settings-text.ts';
import { steeringFacts } from '../texts/steering-facts.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './Dialog.module.css';

interface Props {
  readonly request: GenerationRequest;
  readonly seconds: number;
}

/** The settings of a cell, and how long its picture took. */
export function CellFacts({ request, seconds }: Props) {
  const { experiments, fields, progress } = useTexts();
  const language = useLanguage((all) => all.language);
  const facts = [...requestFacts(fields, request), ...steeringFacts(language, steeringSettings(request))];
  return (
    <dl className={styles.facts}>
      {facts.map(({ name, label, value }) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{experiments.time}</dt>
        <dd>{secondsText(progress, seconds)}</dd>
      </div>
    </dl>
  );
}

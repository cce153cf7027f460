import { bundledModel } from '../../../catalog/models.ts';
import { isBusy } from '../../../state/jobs/generation-store.ts';
import { useGeneration, useModelCard, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ExamplePrompts } from './ExamplePrompts.tsx';
import styles from './PromptForm.module.css';

/** What the bundled model knows, once a picture has replaced the first visit's text. */
export function Ideas() {
  const texts = useTexts().create;
  const bundled = useSettings(({ fields }) => bundledModel(fields.model));
  const { label } = useModelCard();
  const begun = useGeneration((generation) => generation.run !== null || isBusy(generation));
  if (!bundled || !begun) return null;
  return (
    <details className={styles.ideas}>
      <summary>{texts.whatItKnows(label)}</summary>
      <p>{texts.knows(label)}</p>
      <ExamplePrompts prompts={bundled.examples} />
    </details>
  );
}

import { bundledModel } from '../../../catalog/models.ts';
import { useDeviceInUse, useModelCard, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ExamplePrompts } from '../prompt/ExamplePrompts.tsx';
import styles from './FirstVisit.module.css';
import { Prints } from './Prints.tsx';

/** Prompts for models that have none of their own. */
const EXAMPLES = ['a red apple', 'a cat face', 'a rocket', 'a penguin'];

/** What the page does, as long as there is no picture. */
export function FirstVisit() {
  const texts = useTexts().create;
  const bundled = useSettings(({ fields }) => bundledModel(fields.model));
  const { label } = useModelCard();
  const choice = useSettings(({ fields }) => fields.device);
  const provider = useDeviceInUse(choice)?.provider;
  const hardware = provider === 'webgpu' ? 'gpu' : provider === 'wasm' ? 'cpu' : 'unknown';

  return (
    <div className={styles.welcome}>
      {!bundled && <div className={styles.paper} aria-hidden="true" />}
      <p className={styles.sentence}>
        {bundled ? texts.welcome(bundled.megabytes, hardware) : texts.welcomeTo(label, hardware)}
      </p>
      {bundled && <p className={styles.knows}>{texts.knows(label)}</p>}
      {bundled ? <Prints prompts={bundled.examples} /> : <ExamplePrompts prompts={EXAMPLES} />}
    </div>
  );
}

import { BUNDLED } from '../../catalog/models.ts';
import { useDevice, useModelCard, useSettings } from '../stores-context.ts';
import styles from './FirstVisit.module.css';

const EXAMPLES = ['a red apple', 'a cat face', 'a rocket', 'a penguin'];

/** What will happen, before anything has. */
export function FirstVisit() {
  const bundled = useSettings(({ fields }) => BUNDLED[fields.model]);
  const { label } = useModelCard();
  const choice = useSettings(({ fields }) => fields.device);
  const set = useSettings((settings) => settings.set);
  const report = useDevice((device) => device.report);
  const provider = choice === 'auto' ? report?.auto : choice;
  const painter = provider === 'webgpu' ? 'your GPU' : provider === 'wasm' ? 'your CPU' : 'this machine';

  return (
    <div className={styles.welcome}>
      <div className={styles.paper} aria-hidden="true" />
      <p className={styles.sentence}>
        {bundled
          ? `Type something small, press Generate: a ${bundled.megabytes} MB model that came with this page paints it`
          : `Type what you would like to see, press Generate: ${label} paints it`}{' '}
        on {painter}. Nothing leaves this machine.
      </p>
      <div className={styles.examples}>
        {EXAMPLES.map((example) => (
          <button key={example} type="button" onClick={() => set('prompt', example)}>
            {example}
          </button>
        ))}
      </div>
    </div>
  );
}

import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { heldCount, memoryDevice } from '../../state/device/memory-store.ts';
import { useDevice, useMemory, useStores } from '../page/stores-context.ts';
import styles from './ModelsScreen.module.css';
import { useModelsTexts } from './use-models-texts.ts';

/** That runs have filled this device's memory, which the next ones of their kind go by, and a button that forgets it. */
export function MemoryShortages() {
  const texts = useModelsTexts();
  const stores = useStores();
  const heading = useRef<HTMLHeadingElement>(null);
  const { used, report } = useDevice((device) => device);
  const device = memoryDevice({ used, report }, 'auto');
  const count = useMemory((memory) => heldCount(memory, device));
  const wasShown = useRef(count > 0);
  if (count > 0) wasShown.current = true;
  if (!wasShown.current) return null;
  const forget = () => {
    flushSync(() => stores.memory.getState().forget(device));
    heading.current?.focus();
  };
  return (
    <section aria-label={texts.deviceMemory}>
      <h2 ref={heading} tabIndex={-1}>
        {texts.deviceMemory}
      </h2>
      <div className={styles.storage}>
        <p>{count > 0 ? texts.memoryFilled(count) : texts.memoryForgotten}</p>
        {count > 0 && (
          <button type="button" onClick={forget}>
            {texts.forgetMemory}
          </button>
        )}
      </div>
    </section>
  );
}

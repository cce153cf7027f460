import { useState } from 'react';
import { bundledModel } from '../../../catalog/models.ts';
import { useModelCard, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { lazily } from '../../widgets/lazily.tsx';
import styles from './PromptForm.module.css';

const KnownThings = lazily(async () => (await import('../known/KnownThings.tsx')).KnownThings, NotLoaded);
const UnknownWords = lazily(
  async () => (await import('../known/UnknownWords.tsx')).UnknownWords,
  () => null,
);

/** What the bundled model knows, to choose from, and what of the prompt it does not know. */
export function Ideas() {
  const texts = useTexts().create;
  const bundled = useSettings(({ fields }) => bundledModel(fields.model));
  const { label } = useModelCard();
  const isEmpty = useSettings(({ fields }) => fields.prompt.trim() === '');
  const [isOpen, setOpen] = useState(false);
  if (!bundled) return null;
  return (
    <>
      {!isEmpty && <UnknownWords />}
      <details className={styles.ideas} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{texts.whatItKnows(label)}</summary>
        {isOpen && <KnownThings />}
      </details>
    </>
  );
}

function NotLoaded() {
  return <p role="alert">{useTexts().app.notLoaded}</p>;
}

import { type ComponentType, useEffect, useState } from 'react';
import { useTexts } from './texts/use-texts.ts';

interface Props {
  readonly load: () => Promise<ComponentType<{ readonly onUse: () => void }>>;
  /** Shows the Create screen. */
  readonly onUse: () => void;
}

/** A screen whose script is loaded when it is first shown. */
export function LaterScreen({ load, onUse }: Props) {
  const texts = useTexts();
  const [Screen, setScreen] = useState<ComponentType<{ readonly onUse: () => void }> | null>(null);
  const [tries, setTries] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try loads again.
  useEffect(() => {
    load().then(
      (loaded) => setScreen(() => loaded),
      () => setFailed(true),
    );
  }, [load, tries]);
  if (Screen) return <Screen onUse={onUse} />;
  if (!hasFailed) return <main />;
  const again = () => {
    setFailed(false);
    setTries(tries + 1);
  };
  return (
    <main className="alone">
      <p role="alert">{texts.app.notLoaded}</p>
      <button type="button" onClick={again}>
        {texts.migration.tryAgain}
      </button>
    </main>
  );
}

import { useEffect, useState } from 'react';

/** In the order of their buttons. */
export const SCREENS = ['create', 'experiments', 'gallery', 'models'] as const;
export type Screen = (typeof SCREENS)[number];

const shown = (): Screen => {
  const screen = (history.state as { screen?: unknown } | null)?.screen;
  return SCREENS.find((name) => name === screen) ?? 'create';
};

/** The screen that is shown, and a function that shows another one; the browser's Back returns to the one before. */
export function useScreen(): [Screen, (screen: Screen) => void] {
  const [screen, setScreen] = useState<Screen>(shown);
  useEffect(() => {
    const onBack = () => setScreen(shown());
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);
  const show = (next: Screen) => {
    if (next === screen) return;
    history.pushState({ screen: next }, '');
    setScreen(next);
  };
  return [screen, show];
}

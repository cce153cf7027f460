import { useEffect, useState } from 'react';

/** The screens, by the names of their buttons. */
export const SCREENS = {
  create: 'Create',
  experiments: 'Experiments',
  gallery: 'Gallery',
  models: 'Models',
} as const;
export type Screen = keyof typeof SCREENS;

const shown = (): Screen => {
  const screen = (history.state as { screen?: unknown } | null)?.screen;
  return typeof screen === 'string' && Object.hasOwn(SCREENS, screen) ? (screen as Screen) : 'create';
};

/** Which screen is shown; the browser's Back goes back to the one before. */
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

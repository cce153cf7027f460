import { useTexts } from './texts/use-texts.ts';

/** Shown instead of the page in a frame of another page: a link to it. */
export function Framed() {
  const texts = useTexts().app;
  return (
    <main className="alone">
      <h1>Safelight</h1>
      <p>{texts.framed}</p>
      <p>
        <a href={location.href} target="_blank" rel="noopener">
          {texts.openAlone}
        </a>
      </p>
    </main>
  );
}

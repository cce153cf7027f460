import type { StoreApi } from 'zustand/vanilla';
import type { ThemeChoice } from '../../state/page/theme-store.ts';

/** What of the document tells its colours: `data-theme`, which theme.css reads, and what the browser paints around the page. */
export interface ThemedDocument {
  readonly documentElement: { readonly dataset: DOMStringMap };
  querySelectorAll(selectors: 'meta[name="theme-color"]'): Iterable<{ media: string }>;
}

/** Shows the theme that is chosen, now and whenever another one is. Each `theme-color` has the media query of its own theme. */
export function followTheme(themes: StoreApi<ThemeChoice>, page: ThemedDocument): void {
  const colours = Array.from(
    page.querySelectorAll('meta[name="theme-color"]'),
    (meta) => [meta, meta.media] as const,
  );
  const show = ({ theme }: ThemeChoice) => {
    page.documentElement.dataset.theme = theme;
    for (const [meta, media] of colours)
      meta.media = theme === 'system' ? media : media.includes(theme) ? 'all' : 'not all';
  };
  show(themes.getState());
  themes.subscribe(show);
}

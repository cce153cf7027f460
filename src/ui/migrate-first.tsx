import type { Root } from 'react-dom/client';
import { fromWire, toWire } from '../protocol/errors.ts';
import type { openClient } from '../state/open-stores.ts';
import { createLanguageStore } from '../state/page/language-store.ts';
import { migrate } from '../storage/migrate.ts';
import { openSettingsStorage } from '../storage/settings-storage.ts';
import { Migration, type MigrationView } from './Migration.tsx';
import { openTexts } from './texts/texts-store.ts';
import { TextsContext } from './texts/use-texts.ts';

/**
 * Moves what 0.1 stored before anything is opened, and shows how far it is where there is anything to move. Done when the page
 * may open.
 * @param library whose worker moves the models
 */
export async function migrateFirst(root: Root, library: ReturnType<typeof openClient>): Promise<void> {
  let texts: ReturnType<typeof openTexts> | undefined;
  const settings = openSettingsStorage(() => localStorage);
  let isOver = false;
  const show = async (view: MigrationView) => {
    texts ??= openTexts(
      createLanguageStore(navigator.languages, () => settings),
      document.documentElement,
    );
    const shown = await texts;
    if (isOver) return;
    root.render(
      <TextsContext value={shown}>
        <Migration view={view} />
      </TextsContext>,
    );
  };
  for (;;)
    try {
      await migrate(
        (onProgress) => library.call('migrateModels', undefined, { onProgress }),
        (state) => void show(state),
      );
      break;
    } catch (error) {
      const choice = await new Promise<'again' | 'later'>((decide) => {
        void show({ kind: 'failed', error: fromWire(toWire(error)), decide });
      });
      if (choice === 'later') break;
      void show({ kind: 'moving', done: 0, total: 0 });
    }
  isOver = true;
}

import type { AppError } from '../protocol/errors.ts';
import type { MigrationState } from '../storage/migrate.ts';
import { errorText } from './texts/error-text.ts';
import { useTexts } from './texts/use-texts.ts';

/** What there is to say while what 0.1 stored is moved; `decide` says whether to try again or to open the page as it is. */
export type MigrationView =
  | MigrationState
  | {
      readonly kind: 'failed';
      readonly error: AppError;
      readonly decide: (choice: 'again' | 'later') => void;
    };

/** Shown instead of the page while what 0.1 stored is moved. */
export function Migration({ view }: { readonly view: MigrationView }) {
  const texts = useTexts().migration;
  return (
    <main className="alone" aria-label={texts.label}>
      <h1>Safelight</h1>
      {view.kind === 'waiting' && <p role="status">{texts.waiting}</p>}
      {view.kind === 'moving' && <Moving {...view} />}
      {view.kind === 'failed' && <Failed {...view} />}
    </main>
  );
}

function Moving({ done, total }: { readonly done: number; readonly total: number }) {
  const texts = useTexts().migration;
  return (
    <>
      <p role="status">{texts.moving}</p>
      {total > 0 ? (
        <progress
          aria-label={texts.progress}
          value={done}
          max={total}
          aria-valuetext={texts.progressText(done, total)}
        />
      ) : (
        <progress aria-label={texts.progress} />
      )}
    </>
  );
}

function Failed({ error, decide }: Pick<Extract<MigrationView, { kind: 'failed' }>, 'error' | 'decide'>) {
  const { migration: texts, errors } = useTexts();
  const { sentence, remedy } = errorText(errors, 'migration', error);
  return (
    <>
      <div role="alert">
        <p>{texts.failed}</p>
        <p>
          {sentence} {remedy}
        </p>
      </div>
      <button type="button" onClick={() => decide('again')}>
        {texts.tryAgain}
      </button>{' '}
      <button type="button" onClick={() => decide('later')}>
        {texts.later}
      </button>
    </>
  );
}

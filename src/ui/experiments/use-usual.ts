import { useMemo } from 'react';
import { type FilledDraft, fillDraft, type Usual } from '../../state/jobs/axis-draft.ts';
import { useExperiments, useModelCard } from '../page/stores-context.ts';
import { useFormRequest } from './use-form-request.ts';

/** What the usual values of an axis depend on, as the form stands. */
export function useUsual(): Usual {
  const base = useFormRequest();
  const { kind, defaults } = useModelCard();
  return useMemo(() => ({ base, card: { kind, defaults } }), [base, kind, defaults]);
}

/** Both axes as they are shown: where nothing was typed or ticked, with the usual values of the model in the form. */
export function useDrafts(): readonly [columns: FilledDraft, rows: FilledDraft] {
  const [columns, rows] = useExperiments(({ drafts }) => drafts);
  const usual = useUsual();
  return [fillDraft(columns, usual), fillDraft(rows, usual)];
}

import { useEffect } from 'react';
import { showLastPicture } from '../../../state/actions/show-last-picture.ts';
import { usePrompts, useStores } from '../../page/stores-context.ts';
import { FirstVisit } from './FirstVisit.tsx';

interface Props {
  /** Whether the last picture is being looked for. */
  readonly isLooking: boolean;
  readonly onLooked: () => void;
}

/** The easel before anything is painted in this visit: the last picture of an earlier one, or what the page does. */
export function Resting({ isLooking, onLooked }: Props) {
  const stores = useStores();
  // Who has painted before does not see the welcome flash by.
  const hasPainted = usePrompts(({ texts }) => texts.prompt.length > 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks once
  useEffect(() => void showLastPicture(stores).finally(onLooked), [stores]);
  return isLooking && hasPainted ? null : <FirstVisit />;
}

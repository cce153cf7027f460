import { generate } from '../../state/actions/generate.ts';

/** Generate; when a field is refused, the first such field gets the focus and with it says why. */
export function submitForm(...request: Parameters<typeof generate>): void {
  if (generate(...request) !== 'refused') return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

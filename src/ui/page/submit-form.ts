import { generate } from '../../state/actions/generate.ts';

/** Generates; where fields are refused, the first of them gets the focus, which has its note read out. */
export function submitForm(...args: Parameters<typeof generate>): void {
  if (generate(...args) !== 'refused') return;
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

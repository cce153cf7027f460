import type { StoredControl } from '../../../storage/stored-control.ts';

/** A control layer of the form. */
export interface LayerProps {
  readonly layer: StoredControl;
  /** Counted from 1. */
  readonly number: number;
}

import { type RefObject, useEffect, useRef } from 'react';

/** For a `<dialog>`: opens it as a modal one when it is first rendered. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return dialog;
}

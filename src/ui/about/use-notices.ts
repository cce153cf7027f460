import { useEffect, useState } from 'react';
import { type LicenceNotice, NOTICES_FILE, parseNotices } from './notices.ts';

/** The notices once they are here, or how far that is. */
export type NoticesState = readonly LicenceNotice[] | 'loading' | 'failed';

/** Fetches the notices that the build laid beside the page; a development server has none, which counts as failed. */
export function useNotices(): NoticesState {
  const [state, setState] = useState<NoticesState>('loading');
  useEffect(() => {
    const closed = new AbortController();
    const show = (loaded: NoticesState) => closed.signal.aborted || setState(loaded);
    fetchNotices(closed.signal).then(show, () => show('failed'));
    return () => closed.abort();
  }, []);
  return state;
}

async function fetchNotices(signal: AbortSignal): Promise<NoticesState> {
  const response = await fetch(new URL(NOTICES_FILE, document.baseURI), { signal });
  const notices = response.ok ? parseNotices(await response.text()) : [];
  return notices.length > 0 ? notices : 'failed';
}

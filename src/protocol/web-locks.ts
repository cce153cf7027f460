/** The browser's Web Locks; none outside of secure contexts, and where the browser throws when they are looked at. */
export function webLocks(): LockManager | undefined {
  try {
    return navigator.locks;
  } catch {
    return undefined;
  }
}

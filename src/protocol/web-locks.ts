/** The browser's Web Locks; undefined where it has none (outside of secure contexts), or forbids the page to look. */
export function webLocks(): LockManager | undefined {
  try {
    return navigator.locks;
  } catch {
    return undefined;
  }
}

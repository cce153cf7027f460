// What runs in the page itself, which hears of every change of its document: waiting there takes no polling.

declare global {
  /** There once `watchPage` has run. */
  var watching: {
    /** Whether something is being painted. */
    isBusy(): boolean;
    /** What `look` finds, once it is not undefined. */
    until<T>(look: () => T | undefined): Promise<T>;
    /** Bytes as they go to the test: a list of numbers takes seconds for a large picture. */
    base64(bytes: BlobPart): Promise<string>;
  };
}

/** Runs in the page before its own code. */
export function watchPage(): void {
  const isBusy = () =>
    [...document.querySelectorAll('button')].some(({ ariaLabel, textContent }) =>
      /^Stop/.test(ariaLabel ?? textContent ?? ''),
    );
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const observer = new MutationObserver(() => check());
      const check = () => {
        const found = look();
        if (found === undefined) return;
        observer.disconnect();
        resolve(found);
      };
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      check();
    });
  const base64 = (bytes: BlobPart): Promise<string> =>
    new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
      reader.readAsDataURL(new Blob([bytes]));
    });
  Object.assign(globalThis, { watching: { isBusy, until, base64 } });
}

/** What `runOver` waits for. */
export interface Awaited {
  /** Where the pictures are, as CSS. */
  readonly pictures: string;
  readonly count: number;
  /** Addresses of pictures that do not count. */
  readonly before: readonly string[];
}

/** Runs in the page: '' once nothing is being painted and so many pictures are there, or what the app says instead. */
export function runOver({ pictures, count, before }: Awaited): Promise<string> {
  return watching.until(() => {
    const alerts = [...document.querySelectorAll('[role=alert]')].map(({ textContent }) => textContent ?? '');
    const said = alerts.find((text) => /\S/.test(text));
    if (said) return said;
    const shown = [...document.querySelectorAll<HTMLImageElement>(pictures)];
    const fresh = shown.filter(({ src }) => !before.includes(src));
    return fresh.length === count && !watching.isBusy() ? '' : undefined;
  });
}

/** Runs in the page: milliseconds from the next press of a button or key until nothing is being painted. */
export function timeStop(): { readonly milliseconds: Promise<number> } {
  const pressed = new Promise<number>((resolve) => {
    for (const event of ['click', 'keydown'])
      addEventListener(event, () => resolve(performance.now()), { capture: true, once: true });
  });
  const stopped = async () => {
    const start = await pressed;
    await watching.until(() => (watching.isBusy() ? undefined : true));
    return performance.now() - start;
  };
  return { milliseconds: stopped() };
}

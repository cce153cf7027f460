/**
 * Runs in the page before its own code. In browsers as their makers ship them Playwright fills a field by setting its `value`,
 * which React watches and takes for its own change: the page never hears of it. Here the browser inserts the text itself,
 * as it does for a person who types.
 */
export function insertTextAsTyped(): void {
  const insertText = (text: string) => {
    document.execCommand('insertText', false, text);
  };
  // Firefox; Playwright writes its own later.
  Object.defineProperty(globalThis, '__pw_bidiInsertText', { get: () => insertText, set: () => {} });
  // WebKit; Playwright's is there already.
  const { __pwWebViewInput: input } = globalThis as unknown as { __pwWebViewInput?: object };
  if (input) Object.assign(input, { insertText });
}

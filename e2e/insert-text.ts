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
  // WebKit, where Playwright's is there already, and where keys are its own too: to empty a field it presses Delete.
  interface Input {
    insertText(text: string): void;
    keydown(press: { key: string }): void;
  }
  const { __pwWebViewInput: input } = globalThis as unknown as { __pwWebViewInput?: Input };
  if (!input) return;
  const keydown = input.keydown.bind(input);
  input.insertText = insertText;
  input.keydown = (press) => {
    if (press.key === 'Delete' && document.activeElement?.matches('input, textarea'))
      document.execCommand('delete');
    else keydown(press);
  };
}

/** Where the build lays the notices, beside index.html. */
export const NOTICES_FILE = 'third-party-notices.txt';

/** Whose work it is and under which licence, and that licence's text. */
export interface LicenceNotice {
  readonly title: string;
  readonly text: string;
}

/** The line before each notice. */
const RULE = '='.repeat(80);

/**
 * The notices as a file that reads well by itself.
 * @throws Error for a text that holds the line which parts the notices
 */
export function formatNotices(heading: string, notices: readonly LicenceNotice[]): string {
  const parts = notices.map(({ title, text }) => {
    if (text.split('\n').includes(RULE)) throw new Error(`The licence of ${title} holds a line of 80 “=”.`);
    return `${RULE}\n${title}\n\n${text.trim()}\n`;
  });
  return [`${heading}\n`, ...parts].join('\n');
}

/** What `formatNotices` wrote; empty for a file that it did not write. */
export function parseNotices(file: string): LicenceNotice[] {
  const [, ...parts] = file.split(`\n${RULE}\n`);
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return { title: part.slice(0, end), text: part.slice(end).trim() };
  });
}

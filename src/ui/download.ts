/** Gives a file to the browser's downloads. */
export function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** By then the browser has read it; an address revoked earlier would end a large file in the middle. */
const READ_MS = 60_000;

/** The same for a file that has no address yet. */
export function downloadFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  download(url, name);
  setTimeout(() => URL.revokeObjectURL(url), READ_MS);
}

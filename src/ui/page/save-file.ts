/** Downloads the file behind an object URL, under this name. */
export function saveUrl(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Downloads a file under this name. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  saveUrl(url, name);
  // By then the download has begun and no longer needs the URL.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

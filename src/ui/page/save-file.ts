/** Saves what an object URL stands for, as a download of this name. */
export function saveUrl(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Saves bytes as a download of this name. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  saveUrl(url, name);
  // The download has begun by then, and no longer needs the name of the bytes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** As the File Handling API has it; TypeScript's DOM does not know it yet. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Hears of files that the system opens with the installed page (manifest, file_handlers). */
export function onLaunchedFile(take: (file: File) => void): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files }) => {
    const [first] = files ?? [];
    // A file that is gone by now, or may not be read, is none.
    void first?.getFile().then(take, () => {});
  });
}

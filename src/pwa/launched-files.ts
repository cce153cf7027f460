/** From the File Handling API; TypeScript's DOM types do not have it yet. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Calls `take` with each file that the system opens with the installed page (file_handlers of the manifest). */
export function onLaunchedFile(take: (file: File) => void): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files }) => {
    const [first] = files ?? [];
    // A file that is gone or may not be read is ignored.
    void first?.getFile().then(take, () => {});
  });
}

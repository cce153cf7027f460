/** Between two tries: a connection that broke is another one then. */
const PAUSE_MS = 500;

/** Asks once more, half a second later, for what did not come. @throws what `load` throws the second time */
export async function loadTwice<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return load();
  }
}

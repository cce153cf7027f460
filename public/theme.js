// Runs before the first paint: a page that turned light or dark later would flash. Who chooses is src/ui/page/theme.ts.
try {
  const folder = new URL('.', document.currentScript.src).pathname;
  const { theme } = JSON.parse(localStorage.getItem(`safelight${folder}theme`)).state;
  document.documentElement.dataset.theme = theme;
} catch {
  // Nothing is stored, or the browser forbids to read it: as the system is.
}

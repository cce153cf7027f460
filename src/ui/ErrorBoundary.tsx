import { Component, type ReactNode } from 'react';
import type { StoreApi } from 'zustand';
import type { ShownTexts } from './texts/texts-store.ts';

interface Props {
  readonly texts: StoreApi<ShownTexts>;
  readonly children: ReactNode;
}

/** Shown in place of the page when rendering fails. The settings are safe, in storage and in the address. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const texts = this.props.texts.getState().texts.errors;
    return (
      <main className="alone" role="alert">
        <h1>{texts.pageBroke}</h1>
        <p>
          {error.name}: {error.message}
        </p>
        <p>{texts.settingsKept}</p>
        <button type="button" onClick={() => location.reload()}>
          {texts.reloadPage}
        </button>
      </main>
    );
  }
}

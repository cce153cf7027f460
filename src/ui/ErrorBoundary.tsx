import { Component, type ReactNode } from 'react';
import type { StoreApi } from 'zustand';
import type { Texts } from './texts/en.ts';
import type { ShownTexts } from './texts/texts-store.ts';

interface Props {
  readonly texts: StoreApi<ShownTexts>;
  readonly children: ReactNode;
}

/** Shows another text in place of the page when rendering fails. The settings are safe, in storage and in the address. */
export class ErrorBoundary extends Component<Props, { error: unknown; isBroken: boolean }> {
  override state = { error: null as unknown, isBroken: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, isBroken: true };
  }

  override render() {
    const { error, isBroken } = this.state;
    if (!isBroken) return this.props.children;
    return <PageBroke error={error} texts={this.props.texts.getState().texts.errors} />;
  }
}

/** What is shown of a page that cannot be. */
export function PageBroke({ error, texts }: { readonly error: unknown; readonly texts: Texts['errors'] }) {
  const shown = error instanceof Error ? error : new Error(String(error));
  return (
    <main className="alone" role="alert">
      <h1>{texts.pageBroke}</h1>
      <p>
        {shown.name}: {shown.message}
      </p>
      <p>{texts.settingsKept}</p>
      <button type="button" onClick={() => location.reload()}>
        {texts.reloadPage}
      </button>
    </main>
  );
}

import { Component, type ReactNode } from 'react';

/** Stands in for the page when React cannot draw it. The settings are in storage and in the address. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="broken" role="alert">
        <h1>The page broke</h1>
        <p>
          {error.name}: {error.message}
        </p>
        <p>Your settings are kept.</p>
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </main>
    );
  }
}

/** Messages between the tabs of a deployment. */
export interface TabChannel<Message> {
  tell(message: Message): void;
  /** Calls `listen` with what the other tabs tell. */
  onTold(listen: (message: Message) => void): void;
  close(): void;
}

/** Opens a channel to the other tabs; where the browser refuses it, this tab is alone. */
export function openTabChannel<Message>(name: string): TabChannel<Message> {
  let channel: BroadcastChannel | null = null;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    // Nothing is lost: the others see what has changed when they next look.
  }
  return {
    tell: (message) => channel?.postMessage(message),
    onTold: (listen) => channel?.addEventListener('message', ({ data }) => listen(data as Message)),
    close: () => channel?.close(),
  };
}

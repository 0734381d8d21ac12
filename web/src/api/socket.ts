// One WebSocket to the server. The cookie authenticates it; what comes is handed on as frames.
import type { ClientFrame, ServerFrame } from "./frames.ts";

export interface SocketHandlers {
  opened(): void;
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

export interface Socket {
  send(frame: ClientFrame): void;
  /** No handler is called after it. */
  close(): void;
}

export function openSocket(handlers: SocketHandlers): Socket {
  const url = new URL("/api/v1/socket", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  const listening = new AbortController();
  const { signal } = listening;
  socket.addEventListener("open", () => handlers.opened(), { signal });
  socket.addEventListener("close", (event) => handlers.closed(event.code), { signal });
  socket.addEventListener(
    "message",
    (event) => {
      const frame = frameOf(event.data);
      if (frame) handlers.frame(frame);
    },
    { signal },
  );
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      listening.abort();
      socket.close();
    },
  };
}

/** What cannot be read is left out: the server's `rev` tells that something is missing. */
function frameOf(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame = JSON.parse(data);
    return typeof frame?.op === "string" ? frame : null;
  } catch {
    return null;
  }
}

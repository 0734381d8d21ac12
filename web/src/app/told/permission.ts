// Whether this browser shows notifications for us, and why not.
import { useEffect, useState } from "react";

/** `insecure`: a page without TLS may not ask. `missing`: the browser knows no notifications by pages. */
export type Permission = "granted" | "denied" | "default" | "insecure" | "missing";

const CHANGED = "parlor-permission";
// Some browsers on phones have the interface and refuse every use of it.
let isRefusing = false;

export function permission(): Permission {
  if (!window.isSecureContext) return "insecure";
  if (isRefusing || !("Notification" in window)) return "missing";
  return Notification.permission;
}

/** Only where somebody pressed a button for it. */
export async function askPermission(): Promise<Permission> {
  if (permission() === "default") await Notification.requestPermission();
  window.dispatchEvent(new Event(CHANGED));
  return permission();
}

/** The browser threw when it should have shown one. */
export function refuses(): void {
  isRefusing = true;
  window.dispatchEvent(new Event(CHANGED));
}

export function usePermission(): Permission {
  const [found, setFound] = useState(permission);
  useEffect(() => {
    const watching = new AbortController();
    const look = () => setFound(permission());
    window.addEventListener(CHANGED, look, { signal: watching.signal });
    // It can be changed in the browser's own settings, behind our back.
    window.addEventListener("focus", look, { signal: watching.signal });
    navigator.permissions?.query({ name: "notifications" }).then(
      (status) => status.addEventListener("change", look, { signal: watching.signal }),
      () => {},
    );
    return () => watching.abort();
  }, []);
  return found;
}

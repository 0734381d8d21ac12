// The invite that somebody came by, remembered while they sign in or sign up in this tab.

const KEY = "parlor.invite";

export function rememberInvite(code: string): void {
  try {
    sessionStorage.setItem(KEY, code);
  } catch {
    // Blocked: they follow the link again.
  }
}

export function rememberedInvite(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function forgetInvite(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Blocked: there was nothing to forget.
  }
}

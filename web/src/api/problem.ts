// What can go wrong with a request, in one shape: the server's problem+json, or no answer at all.
import type { ErrorCode, Problem } from "./types.ts";

/** The server's codes, and two of this client's own: there was no answer, or none that could be read. */
export type Code = ErrorCode | "network" | "unreadable";

/** Trying the same again may help, without anything else being changed first. */
const RETRIABLE: ReadonlySet<Code> = new Set<Code>([
  "network",
  "unreadable",
  "rate_limited",
  "busy",
  "unavailable",
  "stopping",
  "internal",
]);

export class ApiError extends Error {
  readonly code: Code;
  readonly status: number;
  readonly detail: string | null;
  readonly field: string | null;
  readonly retryAfterMs: number | null;

  constructor(problem: Omit<Partial<Problem>, "code"> & { code: Code; title: string }) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.detail = problem.detail ?? null;
    this.field = problem.field ?? null;
    this.retryAfterMs = problem.retry_after_ms ?? null;
  }

  get isRetriable(): boolean {
    return RETRIABLE.has(this.code);
  }

  /** The session is over: sign in again, if one may. */
  get isSignedOut(): boolean {
    if (this.code === "account_deactivated") return true;
    return this.status === 401 && this.code !== "invalid_credentials";
  }
}

/** Anything that was thrown, as an `ApiError`. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ code: "unreadable", title: "Something unexpected happened." });
}

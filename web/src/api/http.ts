// One request to the HTTP API. The session is a cookie that scripts cannot read; the browser sends it along.
import { ApiError } from "./problem.ts";
import type { Problem } from "./types.ts";

/** A server that has not answered by then will not: better to say so and let the person try again. */
const TIMEOUT_MS = 20_000;

type Query = Record<string, string | number | null | undefined>;

export interface Options {
  query?: Query;
  body?: unknown;
  /** It goes on when the page goes away. */
  keepalive?: boolean;
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    keepalive: options.keepalive === true,
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { ...init.headers, "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${queryOf(options.query)}`, init);
  } catch {
    throw new ApiError({ code: "network", title: "The server cannot be reached." });
  }
  if (response.ok) return response.status === 204 ? (undefined as T) : readBody<T>(response);
  throw await problemOf(response);
}

async function readBody<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError({ code: "unreadable", title: "The server's answer could not be read." });
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const { status } = response;
  try {
    const problem = (await response.json()) as Problem;
    if (typeof problem.code === "string") return new ApiError({ ...problem, status });
  } catch {
    // Something between us and the server answered in its own words.
  }
  return new ApiError({ code: "unreadable", title: `The server answered with ${status}.`, status });
}

function queryOf(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { afterPause, PAUSE_MS } from "./after-pause.ts";

describe("asking after a pause", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks once typing has paused, and tells the answer", async () => {
    const ask = vi.fn(async () => "ada");
    const onAnswer = vi.fn();
    afterPause(ask, onAnswer);
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(onAnswer).toHaveBeenCalledExactlyOnceWith("ada");
  });

  it("does not ask when more is typed before", async () => {
    const ask = vi.fn(async () => "ada");
    const stop = afterPause(ask, vi.fn());
    stop();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(ask).not.toHaveBeenCalled();
  });

  it("tells why there is no answer", async () => {
    const onError = vi.fn();
    const why = new Error("no network");
    afterPause(() => Promise.reject(why), vi.fn(), onError);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(onError).toHaveBeenCalledExactlyOnceWith(why);
  });

  it("is silent about an answer, and about a failure, that comes too late", async () => {
    const LATE_MS = 500;
    const answer = () => new Promise((resolve) => setTimeout(resolve, LATE_MS));
    const failure = () => new Promise((_, reject) => setTimeout(reject, LATE_MS));
    const told = vi.fn();
    const stops = [answer, failure].map((ask) => afterPause(ask, told, told));
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    for (const stop of stops) stop();
    await vi.advanceTimersByTimeAsync(LATE_MS);
    expect(told).not.toHaveBeenCalled();
  });
});

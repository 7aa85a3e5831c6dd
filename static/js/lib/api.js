/** Ask the server for JSON: the only module that calls fetch. */

const TIMEOUT_MILLISECONDS = 10_000;

/** The server answered with something other than success. */
export class AnswerError extends Error {
  constructor(url, status) {
    super(`${url} answered ${status}`);
    this.name = "AnswerError";
    this.status = status;
  }
}

/** True if a request ended because a newer one made it pointless. */
export const isAborted = (error) => error.name === "AbortError";

/**
 * Get one JSON document.
 *
 * @param {string} url
 * @param {{signal?: AbortSignal, fresh?: boolean, timeout?: number}} options fresh: never from a cache
 */
export async function getJson(url, { signal, fresh = false, timeout = TIMEOUT_MILLISECONDS } = {}) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`${url} took too long`)), timeout);
  const stop = () => late.abort(signal.reason);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const response = await fetch(url, {
      cache: fresh ? "no-store" : "default",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      signal: late.signal,
    });
    if (!response.ok) throw new AnswerError(url, response.status);
    return await response.json();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

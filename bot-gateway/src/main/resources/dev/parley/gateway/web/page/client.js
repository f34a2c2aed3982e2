// Talks to the gateway: sends a message until it is surely there, and follows its answer through
// lost connections, to whichever gateway answers next.

const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 5000;
// The server is heard every two seconds; this long without a word means the connection is dead.
const SILENCE_MS = 15000;

let key = localStorage.getItem("parley.key");
let askKey = async () => null;

export function onKeyNeeded(ask) {
  askKey = ask;
}

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}

/** An answer of the server that repeating the request will not change. */
export class Refusal extends Error {
  constructor(message, retryable) {
    super(message);
    this.retryable = retryable;
  }
}

async function call(path, options = {}) {
  for (let asked = false; ; asked = true) {
    const headers = { ...options.headers };
    if (key) headers.Authorization = "Bearer " + key;
    const response = await fetch(path, { cache: "no-store", ...options, headers });
    if (response.status !== 401) return response;
    key = await askKey(asked);
    localStorage.setItem("parley.key", key);
  }
}

async function checked(response) {
  if (response.ok) return response;
  // A gateway or proxy in trouble: the message is not refused, it has to be sent again.
  let sentence = "";
  try {
    sentence = (await response.json()).error.message;
  } catch {
    // Not our error object; the status says enough.
  }
  if (response.status >= 500 && !sentence) throw new TypeError("status " + response.status);
  throw new Refusal(sentence || "The server refused this (status " + response.status + ").",
      response.status === 429 || response.status >= 500);
}

/** Sends a message; the same id may be sent again. Resolves to {turn, before, ended}. */
export async function send(conversation, id, text, signal) {
  const response = await call("/api/turns", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id, conversation, text }),
    signal,
  });
  return (await checked(response)).json();
}

export async function cancel(conversation, id) {
  await checked(await call(`/api/turns/${conversation}/${id}/cancel`, { method: "POST" }));
}

export async function history(conversation) {
  return (await (await checked(await call("/api/conversations/" + conversation))).json()).exchanges;
}

/**
 * Repeats an action that needs the network until it works or is refused.
 * `online(false)` is called when it has to wait, `online(true)` once it works.
 */
export async function persist(action, online, signal) {
  for (let delay = FIRST_RETRY_MS; ; delay = Math.min(LAST_RETRY_MS, delay * 2)) {
    try {
      const result = await action();
      online(true);
      return result;
    } catch (error) {
      if (signal?.aborted || error instanceof Refusal) throw error;
      online(false);
      await pause(delay, signal);
    }
  }
}

function pause(ms, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/**
 * Follows a turn to its end. `handler` has snapshot/text/restart/position callbacks; resolves to the
 * end event's data.
 */
export async function follow(conversation, id, handler, online, signal) {
  let mark = null;
  return persist(async () => {
    const watchdog = new AbortController();
    const abort = () => watchdog.abort();
    signal?.addEventListener("abort", abort);
    try {
      const response = await checked(await call(`/api/turns/${conversation}/${id}/events`, {
        headers: mark === null ? {} : { "Last-Event-ID": mark },
        signal: watchdog.signal,
      }));
      online(true);
      for await (const event of events(response.body, abort)) {
        if (event.id !== null) mark = event.id;
        const data = JSON.parse(event.data);
        if (event.name === "end") return data;
        handler[event.name]?.(data);
      }
      throw new TypeError("the stream broke off");
    } finally {
      signal?.removeEventListener("abort", abort);
      watchdog.abort();
    }
  }, online, signal);
}

/** The server-sent events of a response's body; `dead` is called when it fell silent. */
async function* events(body, dead) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let event = { name: "message", id: null, data: null };
  for (;;) {
    const silence = setTimeout(dead, SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    buffer += value;
    const lines = buffer.split("\n");
    buffer = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== null) yield event;
        event = { name: "message", id: null, data: null };
        continue;
      }
      const colon = line.indexOf(":");
      const field = colon < 0 ? line : line.slice(0, colon);
      const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event.name = text;
      else if (field === "id") event.id = text;
      else if (field === "data") event.data = event.data === null ? text : event.data + "\n" + text;
    }
  }
}

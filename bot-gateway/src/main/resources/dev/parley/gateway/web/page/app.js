// The chat page: what is on the screen and what the user does. The conversation's id and the
// messages whose end has not been seen live in localStorage, so a reload (or a crashed browser, or
// another gateway) finds every answer again.

import { cancel, follow, history, onKeyNeeded, persist, randomId, send } from "/client.js";
import { render } from "/markdown.js";

const SUGGESTIONS = [
  "Explain how a heat pump works, in three sentences",
  "Turn these notes into a list of actions:",
  "Write a friendly reply that says no:",
];
// Nearer to the end than this, the view follows the text.
const FOLLOW_PX = 80;

const $ = id => document.getElementById(id);
const view = {
  scroll: $("scroll"), turns: $("turns"), welcome: $("welcome"), text: $("text"), send: $("send"),
  stop: $("stop"), composer: $("composer"), connection: $("connection"), down: $("down"),
  announce: $("announce"),
};

let conversation = stored("parley.conversation") ?? startConversation();
let open = [];
// Requests of a conversation that was left are broken off with it.
let scope = new AbortController();

// --- storage -----------------------------------------------------------------------------------

function stored(name) {
  return localStorage.getItem(name);
}

function startConversation() {
  const id = randomId();
  localStorage.setItem("parley.conversation", id);
  localStorage.setItem("parley.pending", "[]");
  return id;
}

function pending() {
  try {
    return JSON.parse(stored("parley.pending") ?? "[]");
  } catch {
    return [];
  }
}

function remember(entry) {
  const others = pending().filter(other => other.id !== entry.id);
  localStorage.setItem("parley.pending", JSON.stringify([...others, entry]));
}

function forget(id) {
  localStorage.setItem("parley.pending", JSON.stringify(pending().filter(e => e.id !== id)));
}

// --- one turn on the screen --------------------------------------------------------------------

class Turn {
  constructor(userText) {
    this.userText = userText;
    this.text = "";
    this.drawn = null;
    this.element = document.createElement("li");
    this.element.className = "turn";
    const user = child(this.element, "div", "user");
    user.textContent = userText;
    this.answer = child(this.element, "div", "answer");
    this.note = child(this.element, "p", "note");
    this.note.hidden = true;
    this.actions = child(this.element, "div", "actions");
    view.turns.append(this.element);
    view.welcome.hidden = true;
  }

  /** Draws with the next frame: many small pieces of text cost one drawing. */
  setText(text) {
    this.text = text;
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  draw() {
    if (this.drawn === this.text) return;
    const following = atEnd();
    render(this.answer, this.text);
    this.drawn = this.text;
    if (following) scrollToEnd();
    updateDown();
  }

  busy(sentence) {
    this.element.classList.add("busy");
    this.answer.setAttribute("aria-busy", "true");
    this.say(sentence);
  }

  done() {
    this.element.classList.remove("busy");
    this.answer.removeAttribute("aria-busy");
    this.draw();
  }

  say(sentence, isError = false) {
    const following = atEnd();
    this.note.hidden = !sentence;
    this.note.textContent = sentence;
    this.note.classList.toggle("error", isError);
    if (following) scrollToEnd();
  }

  /** What can be done with an answer that has ended. */
  offer(retry) {
    this.actions.replaceChildren();
    if (this.text) action(this.actions, "Copy", button => copy(this.text, button));
    if (retry) action(this.actions, "Retry", retry);
    if (atEnd()) scrollToEnd();
  }
}

function child(parent, name, className) {
  const element = document.createElement(name);
  element.className = className;
  parent.append(element);
  return element;
}

function action(parent, label, run) {
  const button = child(parent, "button", "quiet small");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => run(button));
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only secure origins have the clipboard; the old way works everywhere.
    const area = child(document.body, "textarea", "hidden");
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 1500);
}

// --- a message's way ---------------------------------------------------------------------------

async function run(turn, entry) {
  const signal = scope.signal;
  const place = conversation;
  open.push({ turn, entry });
  turn.busy("");
  updateComposer();
  try {
    const admitted = await persist(() => send(place, entry.id, entry.text, signal), online, signal);
    if (admitted.ended && shownInHistory(admitted.turn)) {
      turn.element.remove();
    } else {
      remember({ ...entry, turn: admitted.turn });
      turn.element.dataset.turn = admitted.turn;
      turn.busy(waiting(admitted.before));
      finish(turn, await followTurn(turn, place, entry.id, signal));
    }
    forget(entry.id);
  } catch (error) {
    if (signal.aborted) return;
    forget(entry.id);
    turn.done();
    turn.say(error.message, true);
    turn.offer(() => retry(turn));
  } finally {
    open = open.filter(other => other.entry !== entry);
    updateComposer();
  }
}

function followTurn(turn, place, id, signal) {
  return follow(place, id, {
    snapshot(data) {
      turn.setText(turn.text.slice(0, data.from) + data.text);
      turn.busy(waiting(data.before));
    },
    position(data) {
      turn.busy(waiting(data.before));
    },
    text(data) {
      if (!turn.note.hidden) turn.busy("");
      turn.setText(turn.text.slice(0, data.at) + data.text);
    },
    restart(data) {
      turn.setText(data.text);
    },
  }, online, signal);
}

function waiting(before) {
  return before > 0 ? `Waiting, ${before} before you` : "";
}

function finish(turn, end) {
  turn.done();
  turn.say(end.answered ? "" : end.sentence, !end.answered && end.end !== "CANCELLED");
  turn.offer(end.answered ? null : () => retry(turn));
  view.announce.textContent = turn.answer.textContent || end.sentence;
}

function retry(turn) {
  turn.element.remove();
  submit(turn.userText);
}

function submit(text) {
  const entry = { id: randomId(), text };
  remember(entry);
  const turn = new Turn(text);
  scrollToEnd();
  run(turn, entry);
}

const inHistory = new Set();

function shownInHistory(turnId) {
  return inHistory.has(turnId);
}

async function restore() {
  const signal = scope.signal;
  // What is sent while the history is on its way shows itself.
  const unseen = pending();
  view.turns.replaceChildren();
  inHistory.clear();
  let exchanges = [];
  try {
    exchanges = await persist(() => history(conversation), online, signal);
  } catch (error) {
    if (signal.aborted) return;
    view.connection.textContent = error.message;
    view.connection.hidden = false;
  }
  const newer = [...view.turns.children];
  for (const exchange of exchanges) {
    inHistory.add(exchange.turn);
    if (newer.some(element => element.dataset.turn === exchange.turn)) continue;
    const turn = new Turn(exchange.user);
    turn.text = exchange.answer;
    turn.done();
    turn.say(exchange.answered ? "" : exchange.sentence);
    turn.offer(null);
  }
  for (const entry of unseen) {
    if (entry.turn && inHistory.has(entry.turn)) forget(entry.id);
    else run(new Turn(entry.text), entry);
  }
  view.turns.append(...newer);
  view.welcome.hidden = view.turns.childElementCount > 0;
  scrollToEnd();
}

// --- the frame around it -----------------------------------------------------------------------

function online(works) {
  view.connection.textContent = works ? "" : "Connection lost. Reconnecting …";
  view.connection.hidden = works;
}

function atEnd() {
  const { scrollTop, clientHeight, scrollHeight } = view.scroll;
  return scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
}

function scrollToEnd() {
  view.scroll.scrollTop = view.scroll.scrollHeight;
  updateDown();
}

function updateDown() {
  view.down.hidden = atEnd();
}

function updateComposer() {
  const empty = !view.text.value.trim();
  view.stop.hidden = !(empty && open.length > 0);
  view.send.hidden = !view.stop.hidden;
  view.send.disabled = empty;
}

function fitText() {
  view.text.style.height = "auto";
  view.text.style.height = view.text.scrollHeight + "px";
}

function setDraft(text) {
  view.text.value = text;
  localStorage.setItem("parley.draft", text);
  fitText();
  updateComposer();
}

view.composer.addEventListener("submit", event => {
  event.preventDefault();
  const text = view.text.value.trim();
  if (!text) return;
  setDraft("");
  submit(text);
});

view.text.addEventListener("input", () => setDraft(view.text.value));

view.text.addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    view.composer.requestSubmit();
  }
});

view.stop.addEventListener("click", async () => {
  const current = open[0];
  if (!current) return;
  current.turn.say("Stopping …");
  const signal = scope.signal;
  await persist(() => cancel(conversation, current.entry.id), online, signal).catch(error => {
    if (!signal.aborted) current.turn.say(error.message, true);
  });
});

$("new").addEventListener("click", () => {
  scope.abort();
  scope = new AbortController();
  // Nobody will read on: what is still being answered is stopped.
  for (const { entry } of open) cancel(conversation, entry.id).catch(() => {});
  open = [];
  conversation = startConversation();
  restore();
  updateComposer();
  view.text.focus();
});

view.turns.addEventListener("click", event => {
  const button = event.target.closest("button.copy");
  if (button) copy(button.closest(".code").querySelector("code").textContent, button);
});

view.scroll.addEventListener("scroll", updateDown, { passive: true });
view.down.addEventListener("click", scrollToEnd);
addEventListener("resize", updateDown);

for (const suggestion of SUGGESTIONS) {
  const item = child($("suggestions"), "li", "");
  const button = child(item, "button", "suggestion");
  button.type = "button";
  button.textContent = suggestion;
  button.addEventListener("click", () => {
    setDraft(suggestion);
    view.text.focus();
  });
}

onKeyNeeded(asked => new Promise(resolve => {
  const dialog = $("key");
  const input = $("key-input");
  $("key-error").hidden = !asked;
  input.value = "";
  dialog.addEventListener("cancel", event => event.preventDefault());
  $("key-form").addEventListener("submit", () => resolve(input.value.trim()), { once: true });
  if (!dialog.open) dialog.showModal();
}));

setDraft(stored("parley.draft") ?? "");
restore();

"use strict";

const messages = document.getElementById("messages");
const form = document.getElementById("write");

function post(part, fields) {
  return fetch(location.pathname + part, { method: "POST", body: new URLSearchParams(fields) });
}

function atBottom() {
  return innerHeight + scrollY >= document.body.scrollHeight - 40;
}

async function refresh() {
  for (;;) {
    try {
      const answer = await fetch(location.pathname + "/messages?after=" + messages.dataset.revision);
      const html = await answer.text();
      messages.dataset.revision = answer.headers.get("X-Revision");
      if (html !== messages.dataset.shown) {
        const follow = atBottom();
        messages.innerHTML = html;
        messages.dataset.shown = html;
        if (follow) {
          scrollTo(0, document.body.scrollHeight);
        }
      }
    } catch (e) {
      // The double is gone or comes back.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  post("/say", { user: form.user.value, text: form.text.value });
  form.text.value = "";
});

form.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});

messages.addEventListener("click", (event) => {
  if (event.target.closest("button[data-stop]")) {
    post("/stop", {});
  }
  const button = event.target.closest("button[data-button]");
  if (button) {
    post("/press", {
      user: form.user.value,
      message: button.dataset.message,
      button: button.dataset.button,
    });
  }
});

scrollTo(0, document.body.scrollHeight);
refresh();

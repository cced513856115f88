// Saves a form as it is written: form[data-autosave="ADDRESS"], without its files, two seconds after the last key.
// The server answers JSON {saved: "Saved at 14:32", version: "7"}; 409 means that somebody else changed the answer, and
// the page says so (data-conflict) and saves no more: pressing the button then shows both texts.
// data-saving, data-offline, data-invalid (something typed is not an answer yet), data-signed-out: what the status line
// says meanwhile; on a bad line it tries again.
import { renewTokens } from "./form-token.mjs";

const PAUSE = 2000;

export function autosave(form) {
  const status = document.querySelector("[data-saved]");
  let timer = 0;
  let busy = false;
  let again = false;
  let stopped = false;

  const say = (text, kind) => {
    if (!status || !text) return;
    status.hidden = false;
    status.textContent = text;
    status.classList.toggle("is-wait", kind === "wait");
    status.classList.toggle("is-bad", kind === "bad");
  };

  const body = () => {
    const data = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
    return data;
  };

  async function save() {
    timer = 0;
    if (stopped) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    say(form.dataset.saving, "wait");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: body(),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: true,
      });
      if (answer.status === 409) {
        stopped = true;
        say(form.dataset.conflict, "bad");
      } else if (answer.ok) {
        const { saved, version } = await answer.json();
        const field = form.querySelector("input[name=version]");
        if (field && version !== undefined) field.value = version;
        say(saved);
        if (!again) form.dispatchEvent(new Event("autosaved"));
      } else if (answer.status === 422) {
        say(form.dataset.invalid, "bad");
      } else if (answer.status === 400 && (await renewTokens())) {
        again = true; // signed in anew in another tab
      } else if (answer.status === 400 || answer.status === 401) {
        stopped = true;
        say(form.dataset.signedOut, "bad");
      } else {
        say(form.dataset.offline, "bad");
        timer = setTimeout(save, 5 * PAUSE);
      }
    } catch {
      say(form.dataset.offline, "bad");
      timer = setTimeout(save, 5 * PAUSE);
    } finally {
      busy = false;
      if (again) {
        again = false;
        timer = setTimeout(save, PAUSE);
      }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) {
      clearTimeout(timer);
      save();
    }
  });
}

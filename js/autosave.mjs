// Saves an answer as it is written: [data-autosave="ADDRESS"], a form or one question's part of a form, without its
// files, two seconds after the last key. The server answers JSON {saved: "Saved at 14:32", version: "7"}, with partly:
// true while it is no answer yet; 409 means that somebody else changed the answer, and the page says so (data-conflict)
// and saves no more: pressing the button then shows both texts.
// Its form's words (data-saving, data-offline, data-invalid (something typed is not an answer yet; what is wrong stands behind
// it), data-signed-out) are what the part's status line says meanwhile; on a bad line it tries again.
import { renewTokens } from "./form-token.mjs";
import { fieldsOf, formOf, statusOf, versionOf, wordsOf } from "./parts.mjs";

const PAUSE = 2000;

export function autosave(part) {
  const form = formOf(part);
  const status = statusOf(part);
  const words = wordsOf(form);
  let timer = 0;
  let busy = false;
  let again = false;
  let stopped = part.hasAttribute("data-met");

  const say = (text, kind) => {
    if (!status || text === undefined) return;
    status.hidden = !text;
    status.textContent = text;
    status.classList.toggle("is-wait", kind === "wait");
    status.classList.toggle("is-bad", kind === "bad");
  };

  const body = () => {
    const data = new FormData();
    for (const [name, value] of fieldsOf(part)) data.append(name, value);
    data.set("version", versionOf(part)?.value ?? "");
    data.set("csrf_token", form.querySelector("input[name=csrf_token]").value);
    return data;
  };

  const refused = async (answer) => {
    const { errors } = await answer.json().catch(() => ({}));
    say([words.invalid, ...Object.values(errors ?? {}).flat()].join(" "), "bad");
  };

  async function save() {
    timer = 0;
    if (stopped) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    say(words.saving, "wait");
    try {
      const answer = await fetch(part.dataset.autosave, {
        method: "POST",
        body: body(),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        keepalive: true,
      });
      if (answer.status === 409) {
        stopped = true;
        say(words.conflict, "bad");
      } else if (answer.ok) {
        const { saved, version, partly } = await answer.json();
        const field = versionOf(part);
        if (field && version !== undefined) field.value = version;
        say(saved, partly ? "wait" : "");
        if (!again) part.dispatchEvent(new Event("autosaved", { bubbles: true }));
      } else if (answer.status === 422) {
        await refused(answer);
      } else if (answer.status === 400 && (await renewTokens())) {
        again = true; // signed in anew in another tab
      } else if (answer.status === 400 || answer.status === 401) {
        stopped = true;
        say(words.signedOut, "bad");
      } else {
        say(words.offline, "bad");
        timer = setTimeout(save, 5 * PAUSE);
      }
    } catch {
      say(words.offline, "bad");
      timer = setTimeout(save, 5 * PAUSE);
    } finally {
      busy = false;
      if (again) {
        again = false;
        timer = setTimeout(save, PAUSE);
      }
    }
  }

  part.addEventListener("input", (event) => {
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

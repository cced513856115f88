// Keeps what is written on this device until the server has it: [data-autosave]. A phone may close the page at any time,
// a line may break; the next visit fills it in again (data-kept of the form's words tells so), on whichever page asks the question.
import { fieldsOf, formOf, statusOf, versionOf, wordsOf } from "./parts.mjs";

const DAYS = 7 * 24 * 60 * 60 * 1000;
const HIDDEN = new Set(["known_file", "taken", "back"]);

const written = (part) => fieldsOf(part).filter(([name]) => !HIDDEN.has(name));

function fill(part, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of part.querySelectorAll("input, textarea, select")) {
    if (!field.name || HIDDEN.has(field.name) || field.type === "file" || field.type === "hidden") continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (values.length) field.value = values.shift();
  }
}

export const isKept = (key) => key.startsWith("kept:/");

export function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && Date.now() - kept.at < DAYS ? kept : null;
  } catch {
    return null;
  }
}

export function keep(part) {
  const form = formOf(part);
  const key = `kept:${part.dataset.autosave}`;
  const version = versionOf(part);
  const person = document.body.dataset.person;
  const status = statusOf(part);
  let touched = false;
  const store = (sent) => {
    try {
      const kept = { at: Date.now(), person, version: version.value, sent, page: location.pathname, written: written(part) };
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: autosave and the button still work.
    }
  };

  const kept = read(key);
  const same = kept && JSON.stringify(kept.written) === JSON.stringify(written(part));
  const acknowledged = kept?.sent && same && Number(version.value) > Number(kept.version);
  const refused = document.querySelector(".govuk-error-summary");
  const chosen = form.querySelector("input[name=taken]"); // another text was asked for: this one is in the history or typed anew
  if (!kept || acknowledged) localStorage.removeItem(key);
  else if (!refused && !same && !chosen && (kept.person ?? person) === person) {
    // Over the version they were written on: if a colleague was quicker, saving shows both texts.
    version.value = kept.version;
    fill(part, kept.written);
    if (status && wordsOf(form).kept) {
      status.hidden = false;
      status.textContent = wordsOf(form).kept;
      status.classList.add("is-wait");
    }
    part.querySelector("input, textarea, select").dispatchEvent(new Event("input", { bubbles: true }));
    touched = true;
  }
  part.addEventListener("input", () => {
    touched = true;
    store(false);
  });
  form.addEventListener("submit", () => {
    if (part.hasAttribute("data-met")) localStorage.removeItem(key);
    else if (touched) store(true);
  });
  part.addEventListener("autosaved", () => localStorage.removeItem(key));
}

// Two texts met and the person chooses: the server has both, this device needs to bring none of them again.
export function forget() {
  for (const form of document.querySelectorAll("form[data-forgets]")) {
    form.addEventListener("submit", () => localStorage.removeItem(`kept:${form.dataset.forgets}`));
  }
}

// Keeps what is written on this device until the server has it: form[data-autosave]. A phone may close the page at any
// time, a line may break; the next visit fills it in again (data-kept tells so).
const DAYS = 7 * 24 * 60 * 60 * 1000;
const HIDDEN = new Set(["csrf_token", "version", "known_file", "file"]);

const written = (form) => [...new FormData(form)].filter(([name, value]) => !HIDDEN.has(name) && typeof value === "string");

function fill(form, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || HIDDEN.has(field.name) || field.type === "file" || field.type === "hidden") continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.tagName !== "BUTTON" && values.length) field.value = values.shift();
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

export function keep(form) {
  const key = `kept:${form.dataset.autosave}`;
  const version = form.querySelector("input[name=version]");
  const person = document.body.dataset.person;
  const status = document.querySelector("[data-saved]");
  const store = (sent) => {
    try {
      const kept = { at: Date.now(), person, version: version.value, sent, written: written(form) };
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: autosave and the button still work.
    }
  };

  const kept = read(key);
  const same = kept && JSON.stringify(kept.written) === JSON.stringify(written(form));
  const acknowledged = kept?.sent && same && Number(version.value) > Number(kept.version);
  const refused = document.querySelector(".govuk-error-summary");
  if (!kept || acknowledged) localStorage.removeItem(key);
  else if (!refused && !same && (kept.person ?? person) === person) {
    // Over the version they were written on: if a colleague was quicker, saving shows both texts.
    version.value = kept.version;
    fill(form, kept.written);
    if (status && form.dataset.kept) {
      status.hidden = false;
      status.textContent = form.dataset.kept;
      status.classList.add("is-wait");
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.addEventListener("input", () => store(false));
  form.addEventListener("submit", () => store(true));
  form.addEventListener("autosaved", () => localStorage.removeItem(key));
}

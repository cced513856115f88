// A form's part with an address of its own ([data-autosave]): the whole form of one question, or one question of many.
export const formOf = (part) => part.closest("form");
export const statusOf = (part) => part.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
export const versionOf = (part) => part.querySelector("input[data-version], input[name=version]");

// What the form says, in the reader's language: an element of it that is not shown.
export const wordsOf = (form) => form.querySelector("[data-words]")?.dataset ?? {};

const OURS = new Set(["csrf_token", "version", "file"]);

// What is written in it, as [name, value]: what a form would send of it, without files, token and version.
export function fieldsOf(part) {
  const form = formOf(part);
  const here = new Set([...part.querySelectorAll("[name]")].filter((field) => field.dataset.version === undefined).map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => here.has(name) && !OURS.has(name) && typeof value === "string");
}

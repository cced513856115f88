// Leaving a page with unsaved writing asks first: form[data-guard]. Of a form in parts each is saved by itself.
export function guard() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    const unsaved = new Set();
    form.addEventListener("input", (event) => unsaved.add(event.target.closest("[data-autosave]") ?? form));
    form.addEventListener("submit", () => unsaved.clear());
    form.addEventListener("unsent", () => unsaved.add(form));
    form.addEventListener("autosaved", (event) => unsaved.delete(event.target));
    addEventListener("beforeunload", (event) => {
      if (unsaved.size) event.preventDefault();
    });
  }
}

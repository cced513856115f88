// Leaving a page with unsaved writing asks first: form[data-guard].
export function guard() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let unsaved = false;
    form.addEventListener("input", () => (unsaved = true));
    form.addEventListener("submit", () => (unsaved = false));
    form.addEventListener("autosaved", () => (unsaved = false));
    addEventListener("beforeunload", (event) => {
      if (unsaved) event.preventDefault();
    });
  }
}

// The reviewer's letters: [data-key] is chosen, pressed or followed, unless somebody is writing or has switched letters off.
const STORE = "keys-off";
const SENDING = "button, a";
const SETTLE = 350; // ms after a page came: a letter that was meant for the page before rules nothing unseen

const off = () => {
  try {
    return localStorage.getItem(STORE) === "1";
  } catch {
    return false;
  }
};

function keySwitch() {
  const button = document.querySelector("[data-keys] button");
  const show = () => (button.textContent = off() ? button.dataset.on : button.dataset.off);
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    try {
      if (off()) localStorage.removeItem(STORE);
      else localStorage.setItem(STORE, "1");
    } catch {
      // A forbidden store: the letters stay as they are.
    }
    show();
  });
}

export function verdictKeys() {
  if (!document.querySelector("[data-key]")) return;
  if (document.querySelector("[data-keys] button")) keySwitch();
  const came = performance.now();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || off()) return;
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const key = event.key.toLowerCase();
    const found = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    if (!found?.checkVisibility()) return;
    event.preventDefault();
    if (found.matches(SENDING)) {
      if (performance.now() - came > SETTLE) found.click();
      return;
    }
    found.checked = true;
    found.focus();
    found.dispatchEvent(new Event("change", { bubbles: true }));
    found.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

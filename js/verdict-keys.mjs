// The reviewer's verdicts by letter, unless somebody is writing.
export function verdictKeys() {
  const radios = [...document.querySelectorAll("input[data-key]")];
  if (!radios.length) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const radio = radios.find((each) => each.dataset.key === event.key.toLowerCase());
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

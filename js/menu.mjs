// A browser that cannot open the menu by CSS on a wide screen gets it opened here.
export function menu() {
  if (CSS.supports("selector(::details-content)")) return;
  const wide = matchMedia("(min-width: 48.0625em)");
  const follow = () => {
    for (const details of document.querySelectorAll(".cp-menu, .cp-filter")) details.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
}

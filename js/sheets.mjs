// The pages of a piece that was never drawn before: they are counted once its first one is there.
const MOST = 12; // as desk_view.py

async function more(sheet) {
  const first = sheet.dataset.pagesOf;
  const answer = await fetch(first, { method: "HEAD", credentials: "same-origin" });
  const pages = Math.min(Number(answer.headers.get("Page-Count")) || 1, MOST);
  for (let page = 2; page <= pages; page += 1) {
    const image = sheet.querySelector("img").cloneNode();
    image.src = first.replace(/1\.webp$/, `${page}.webp`);
    image.alt = sheet.dataset.words.replace("{page}", page);
    sheet.append(image);
  }
}

export function sheets() {
  for (const sheet of document.querySelectorAll("[data-pages-of]")) {
    const image = sheet.querySelector("img");
    if (image.complete && image.naturalWidth) more(sheet);
    else image.addEventListener("load", () => more(sheet), { once: true });
  }
}

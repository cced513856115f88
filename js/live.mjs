// Switches that are worked out as they are pressed: the same page is asked again, only its result is put in.
export function live() {
  for (const form of document.querySelectorAll("form[data-live]")) {
    let asking = null;
    form.addEventListener("change", async () => {
      asking?.abort();
      asking = new AbortController();
      const address = new URL(location.href);
      address.search = new URLSearchParams(new FormData(form)).toString();
      try {
        const answer = await fetch(address, { credentials: "same-origin", signal: asking.signal });
        if (!answer.ok || answer.redirected) throw new Error("no result");
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const result = page.querySelector("[data-live-result]");
        form.querySelector("[data-live-result]").replaceChildren(...result.childNodes);
        history.replaceState(null, "", address);
      } catch (error) {
        if (error.name !== "AbortError") form.submit();
      }
    });
  }
}

// Printing wants a browser: without one that runs this, the button stays away.
export function printing() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

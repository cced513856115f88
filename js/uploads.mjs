// Sizes are looked at before anything is sent: input[data-most] (bytes a file), and in its form data-too-large (what is said then).
function sized(input) {
  const note = document.createElement("p");
  note.className = "govuk-error-message";
  note.setAttribute("role", "alert");
  (input.closest(".cp-pick") ?? input).before(note);
  input.addEventListener("change", () => {
    const large = [...input.files].filter((file) => file.size > Number(input.dataset.most));
    const words = input.closest("form").querySelector("[data-too-large]").dataset;
    note.textContent = large.map((file) => `${file.name}: ${words.tooLarge}`).join(" ");
    if (large.length) input.value = "";
  });
}

// Names of chosen files, read out too: the browser's own words for several are not of the page's language.
function listed(zone, input) {
  const list = document.createElement("ul");
  list.className = "cp-chosen";
  list.setAttribute("aria-live", "polite");
  zone.append(list);
  input.addEventListener("change", () => {
    input.classList.toggle("is-listed", input.files.length > 0);
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        line.textContent = file.name;
        return line;
      }),
    );
  });
}

function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  if (!input) return;
  listed(zone, input);
  const how = zone.querySelector("[data-drop-how]");
  if (how && matchMedia("(any-pointer: fine)").matches) how.hidden = false;
  const over = (on) => (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", on);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    const files = event.dataTransfer.files;
    if (!files.length || (files.length > 1 && !input.multiple)) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The bar, what is read out (at every quarter, not at every byte) and a button that stops it.
function sendingLine(words, request) {
  const line = document.createElement("div");
  line.className = "cp-sending";
  const bar = document.createElement("progress");
  bar.className = "cp-progress";
  bar.max = 1;
  bar.setAttribute("aria-label", words.sending);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "cp-link--button";
  stop.textContent = words.stop;
  stop.addEventListener("click", () => request.abort());
  line.append(said, stop, bar);
  let quarter = -1;
  const percent = new Intl.NumberFormat(document.documentElement.lang === "km" ? "km-u-nu-khmr" : "en", { style: "percent" });
  const show = (part) => {
    bar.value = part;
    if (Math.floor(part * 4) === quarter) return;
    quarter = Math.floor(part * 4);
    said.textContent = part < 1 ? `${words.sending} ${percent.format(part)}` : words.looking;
  };
  show(0);
  return { line, show };
}

function trouble(zone, text) {
  zone.querySelector("[data-trouble]")?.remove();
  const note = document.createElement("p");
  note.className = "govuk-error-message";
  note.dataset.trouble = "";
  note.setAttribute("role", "alert");
  note.textContent = text;
  zone.append(note);
}

function withProgress(form) {
  form.addEventListener("submit", (event) => {
    const inputs = [...form.querySelectorAll("input[type=file]")].filter((input) => input.files.length);
    if (!inputs.length || event.defaultPrevented) return;
    event.preventDefault();
    const words = form.querySelector("[data-sending]").dataset;
    const zone = inputs[0].closest("[data-drop]") ?? form;
    const request = new XMLHttpRequest();
    const sending = sendingLine(words, request);
    zone.querySelector("[data-trouble]")?.remove();
    zone.append(sending.line);
    sending.line.scrollIntoView({ block: "nearest" });
    const buttons = [...form.querySelectorAll("button")].filter((button) => !button.disabled && !sending.line.contains(button));
    const body = new FormData(form, event.submitter);
    for (const button of buttons) button.disabled = true;
    const back = (text) => () => {
      sending.line.remove();
      for (const button of buttons) button.disabled = false;
      trouble(zone, text);
      event.submitter?.focus();
      form.dispatchEvent(new Event("unsent"));
    };
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) sending.show(sent.loaded / sent.total);
    });
    request.upload.addEventListener("load", () => sending.show(1));
    // Whatever the server answered is the next page, an error page too. Asking for it again would lose its message.
    request.addEventListener("load", () => {
      history.pushState(null, "", request.responseURL);
      document.open();
      // A module runs once an address in a document, hence the mark behind it.
      document.write(request.responseText.replace(/(src="[^"]*app\.js[^"#]*)"/, `$1#${Date.now()}"`));
      document.close();
    });
    request.addEventListener("error", back(words.broken));
    request.addEventListener("abort", back(words.stopped));
    request.open("POST", form.action);
    request.send(body);
  });
}

export function uploads() {
  for (const zone of document.querySelectorAll("[data-drop]")) dropZone(zone);
  for (const input of document.querySelectorAll("input[data-most]")) sized(input);
  for (const form of document.querySelectorAll("form[data-progress]")) withProgress(form);
}

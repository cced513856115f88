// Sizes are looked at before anything is sent: input[data-most] (bytes a file) with data-too-large (what is said then).
function sized(input) {
  const note = document.createElement("p");
  note.className = "govuk-error-message";
  note.setAttribute("role", "alert");
  input.before(note);
  input.addEventListener("change", () => {
    const large = [...input.files].filter((file) => file.size > Number(input.dataset.most));
    note.textContent = large.map((file) => `${file.name}: ${input.dataset.tooLarge}`).join(" ");
    if (large.length) input.value = "";
  });
}

// Drop zones, and progress for a form that carries files (data-progress: the words read out while it is sent).
function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  if (!input) return;
  const over = (on) => (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", on);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function withProgress(form) {
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    if (!files.length || event.defaultPrevented) return;
    event.preventDefault();
    const bar = document.createElement("progress");
    bar.className = "cp-progress";
    bar.max = 1;
    bar.setAttribute("aria-label", form.dataset.progress);
    (form.querySelector("[data-drop]") ?? form).append(bar);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = sent.loaded / sent.total;
    });
    // Whatever the server answered is the next page, an error page too. Asking for it again would lose its message.
    request.addEventListener("load", () => {
      history.pushState(null, "", request.responseURL);
      document.open();
      // A module runs once an address in a document, hence the mark behind it.
      document.write(request.responseText.replace(/(src="[^"]*app\.js[^"#]*)"/, `$1#${Date.now()}"`));
      document.close();
    });
    request.addEventListener("error", () => {
      bar.remove();
      form.submit();
    });
    request.open("POST", form.action);
    request.send(new FormData(form, event.submitter));
  });
}

export function uploads() {
  for (const input of document.querySelectorAll("input[data-most]")) sized(input);
  for (const zone of document.querySelectorAll("[data-drop]")) dropZone(zone);
  for (const form of document.querySelectorAll("form[data-progress]")) withProgress(form);
}

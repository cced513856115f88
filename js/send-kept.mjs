// What was written without a connection is sent from whichever page comes next: the answers that keep.mjs holds on this
// device for the person who is signed in now. What is refused (a conflict, a closed assessment) is not tried again: it
// stays for the question's own page.
import { formToken } from "./form-token.mjs";
import { isKept, read } from "./keep.mjs";

const AFTER = 1000;

// The form was sent from its page and this is the page it led to: the server has it.
function ledHere(kept, address) {
  if (!kept.sent || !document.referrer || document.querySelector("[data-failed]")) return false;
  const from = new URL(document.referrer).pathname;
  return from === (kept.page ?? address.replace(/\/autosave$/, "")) && from !== location.pathname;
}

async function send(key, kept, token) {
  const address = key.slice("kept:".length);
  const data = new FormData();
  for (const [name, value] of kept.written) data.append(name, value);
  data.set("version", kept.version);
  data.set("csrf_token", token);
  const answer = await fetch(address, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  const conflict = answer.status === 409 && answer.headers.get("Content-Type").includes("json");
  if (answer.ok) localStorage.removeItem(key);
  else if (conflict) localStorage.setItem(key, JSON.stringify({ ...kept, sent: false, tried: true }));
  else if ([403, 404, 409, 422].includes(answer.status)) localStorage.setItem(key, JSON.stringify({ ...kept, tried: true }));
}

async function sendAll() {
  const here = new Set([...document.querySelectorAll("[data-autosave]")].map((part) => `kept:${part.dataset.autosave}`));
  const mine = waiting().filter(([key, kept]) => !here.has(key) && !kept.tried);
  const now = mine.length ? await formToken() : null;
  if (!now || String(now.person) !== document.body.dataset.person) return;
  for (const [key, kept] of mine) await send(key, kept, now.token);
}

// What the person of this page has kept on this device.
function waiting() {
  const every = Object.keys(localStorage).filter(isKept).map((key) => [key, read(key)]);
  return every.filter(([, kept]) => kept && kept.person && kept.person === document.body.dataset.person);
}

export function sendKept() {
  for (const [key, kept] of waiting()) {
    if (ledHere(kept, key.slice("kept:".length))) localStorage.removeItem(key);
  }
  const quietly = () => sendAll().catch(() => {}); // still no connection: the next page tries again
  setTimeout(quietly, AFTER);
  addEventListener("online", quietly);
}

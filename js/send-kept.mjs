// What was written without a connection is sent from whichever page comes next: the answers that keep.mjs holds on this
// device for the person who is signed in now. A conflict stays for the question's own page, which shows both texts.
import { formToken } from "./form-token.mjs";
import { isKept, read } from "./keep.mjs";

const AFTER = 1000;

// The form was sent from its page and this is the page it led to: the server has it.
function ledHere(kept, address) {
  if (!kept.sent || !document.referrer || document.querySelector("[data-failed]")) return false;
  const from = new URL(document.referrer).pathname;
  return from === address.replace(/\/autosave$/, "") && from !== location.pathname;
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
  if (answer.ok) localStorage.removeItem(key);
  else if (answer.status === 409) localStorage.setItem(key, JSON.stringify({ ...kept, sent: false }));
}

async function sendAll() {
  const here = document.querySelector("form[data-autosave]")?.dataset.autosave;
  const keys = Object.keys(localStorage).filter((key) => isKept(key) && key !== `kept:${here}`);
  const now = keys.length && document.body.dataset.person ? await formToken() : null;
  if (!now) return;
  for (const key of keys) {
    const kept = read(key);
    if (!kept) localStorage.removeItem(key);
    else if (kept.person !== String(now.person)) continue;
    else if (ledHere(kept, key.slice("kept:".length))) localStorage.removeItem(key);
    else await send(key, kept, now.token);
  }
}

export function sendKept() {
  const quietly = () => sendAll().catch(() => {}); // still no connection: the next page tries again
  setTimeout(quietly, AFTER);
  addEventListener("online", quietly);
}

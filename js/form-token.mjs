// A form that was open for long is sent with a token of now, so that a session renewed meanwhile does not refuse it.
// Only for the person who opened the page (body[data-person]); for everybody else the server says what to do.
const OLD = 60 * 1000;
const PATIENCE = 3000;

// {token, person} of whoever is signed in now; null when nobody is, or nobody answers.
export async function formToken() {
  try {
    const answer = await fetch(`/${document.documentElement.lang}/account/form-token`, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Puts a token of now into the page's forms; false when it is no longer the page of whoever is signed in.
export async function renewTokens() {
  const now = await formToken();
  if (!now || String(now.person) !== document.body.dataset.person) return false;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = now.token;
  return true;
}

export function freshTokens() {
  const opened = Date.now();
  let renewed = null;
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const field = form.querySelector("input[name=csrf_token]");
      if (form === renewed || !field || !document.body.dataset.person || form.method !== "post" || Date.now() - opened < OLD) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await renewTokens();
      renewed = form;
      form.requestSubmit(event.submitter);
      renewed = null;
    },
    { capture: true },
  );
}

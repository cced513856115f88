// Comfort on top of pages that work without it. Every text comes from the page, in the reader's language.
import { Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink } from "govuk-frontend";
import { autosave } from "./autosave.mjs";
import { Count } from "./count.mjs";
import { freshTokens } from "./form-token.mjs";
import { guard } from "./guard.mjs";
import { forget, keep } from "./keep.mjs";
import { live, printing } from "./live.mjs";
import { menu } from "./menu.mjs";
import { sendKept } from "./send-kept.mjs";
import { sheets } from "./sheets.mjs";
import { uploads } from "./uploads.mjs";
import { verdictKeys } from "./verdict-keys.mjs";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [Button, Count, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    new Component(element);
  }
}

freshTokens();
sendKept();
menu();
verdictKeys();
sheets();
uploads();
guard();
live();
printing();
forget();
for (const part of document.querySelectorAll("[data-autosave]")) {
  autosave(part);
  keep(part);
}

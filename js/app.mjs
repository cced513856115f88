// Comfort on top of pages that work without it. Every text comes from the page, in the reader's language.
import { Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink } from "govuk-frontend";
import { autosave } from "./autosave.mjs";
import { freshTokens } from "./form-token.mjs";
import { guard } from "./guard.mjs";
import { keep } from "./keep.mjs";
import { live, printing } from "./live.mjs";
import { menu } from "./menu.mjs";
import { sendKept } from "./send-kept.mjs";
import { uploads } from "./uploads.mjs";
import { verdictKeys } from "./verdict-keys.mjs";

// Khmer pages count in Khmer digits.
class Count extends CharacterCount {
  formatCountMessage(...args) {
    const text = super.formatCountMessage(...args);
    return document.documentElement.lang === "km"
      ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x17e0 + Number(digit)))
      : text;
  }
}

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
uploads();
guard();
live();
printing();
for (const form of document.querySelectorAll("form[data-autosave]")) {
  autosave(form);
  keep(form);
}

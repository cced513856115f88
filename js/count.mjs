// Characters as the server counts them (questionnaires/typed.py, `weight`): line ends once, composed, without what nobody
// sees. What the counter allows, the server takes.
import { CharacterCount } from "govuk-frontend";

const BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const UNREADABLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const ENDS = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;
const INVISIBLE = /[\u200b\u200c\u200d\u2060\ufeff]/g;

export function weight(text) {
  const tidied = text.replace(BREAKS, "\n").replace(UNREADABLE, "").normalize("NFC").replace(ENDS, "");
  const all = [...tidied].length;
  return Math.max([...tidied.replace(INVISIBLE, "")].length, Math.floor(all / 2));
}

// Khmer pages count in Khmer digits.
export class Count extends CharacterCount {
  constructor(root) {
    const { under, at, over } = (root.dataset.under ? root : root.closest("form")?.querySelector("[data-under]"))?.dataset ?? {};
    const both = (text) => ({ one: text, other: text });
    super(root, under ? { i18n: { charactersUnderLimit: both(under), charactersAtLimit: at, charactersOverLimit: both(over) } } : {});
  }

  updateCount() {
    this.count = weight(this.$textarea.value);
  }

  formatCountMessage(...args) {
    const text = super.formatCountMessage(...args);
    return document.documentElement.lang === "km"
      ? text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x17e0 + Number(digit)))
      : text;
  }
}

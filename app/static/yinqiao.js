// What gets quicker with a script. Every page works without one.

import { countCharacters } from "./character_count.js";
import { closeOnEscape } from "./menu.js";
import { findByTyping } from "./typed_choice.js";
import { warnBeforeLeaving } from "./unsaved.js";

// After a refused form: say what is wrong before anything else is read.
document.querySelector(".error-summary")?.focus();

document.querySelectorAll("textarea[data-limit]").forEach(countCharacters);
document.querySelectorAll("main form[method='post']").forEach(warnBeforeLeaving);
document.querySelectorAll(".site-menu").forEach(closeOnEscape);
document.querySelectorAll("select[data-typed]").forEach(findByTyping);

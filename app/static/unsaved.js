// Nothing typed is lost by a slip: leaving a changed form asks first, in the browser's words.

const WRITTEN_IN = "textarea, input[type='text'], input[type='email'], input[type='number']";

/** Asks before the page is left while `form` holds text that was typed and not sent. */
export function warnBeforeLeaving(form) {
  if (!form.querySelector(WRITTEN_IN)) {
    return;
  }
  // A form that came back with errors holds text that is stored nowhere.
  let changed = form.querySelector("[aria-invalid='true']") !== null;
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) {
      event.preventDefault();
    }
  });
}

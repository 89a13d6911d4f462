// How much of a long text is used, below its field.

// From this share of the limit on, the count is read aloud as it changes.
const NEARLY_FULL = 0.9;

/** Shows "used / allowed" below `area` and keeps it current. */
export function countCharacters(area) {
  const allowed = Number(area.dataset.limit);
  const count = document.createElement("div");
  count.className = "character-count";
  area.after(count);

  function show() {
    const used = area.value.length;
    count.textContent = `${used.toLocaleString()} / ${allowed.toLocaleString()}`;
    count.classList.toggle("is-over", used > allowed);
    if (used >= allowed * NEARLY_FULL) {
      count.setAttribute("aria-live", "polite");
    } else {
      count.removeAttribute("aria-live");
    }
  }

  area.addEventListener("input", show);
  show();
}

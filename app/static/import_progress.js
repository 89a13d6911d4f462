// How far an import is, kept current while it runs. Without a script a link does the same.

const EVERY_MILLISECONDS = 3000;
const PROGRESS = "[data-import-progress]";

/** Fetches this page again and shows its progress; when it is over, loads the page anew. */
async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const current = page.querySelector(PROGRESS);
      if (!current) {
        location.reload();
        return;
      }
      document.querySelector(PROGRESS).replaceChildren(...current.childNodes);
    }
  } catch {
    // No connection for a moment: the next attempt will tell.
  }
  setTimeout(refresh, EVERY_MILLISECONDS);
}

setTimeout(refresh, EVERY_MILLISECONDS);

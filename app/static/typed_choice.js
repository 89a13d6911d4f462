// A list of cities is searched by their Latin names, too, in whatever language they are shown:
// what is chosen is stored by names like "Europe/Berlin".

const PAUSE = 1000;

export function findByTyping(list) {
  let typed = "";
  let last = 0;
  list.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!/^[a-z]$/i.test(event.key)) return;
    typed = event.timeStamp - last > PAUSE ? event.key : typed + event.key;
    last = event.timeStamp;
    const begins = (name) => name.toLowerCase().startsWith(typed.toLowerCase());
    const found = [...list.options].find((option) =>
      [option.text, option.value.split("/").pop()].some(begins),
    );
    if (!found) return;
    event.preventDefault();
    if (found.selected) return;
    found.selected = true;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The menu of a narrow screen is a <details>; Escape closes it as it does any other menu.

/** Closes `menu` on Escape and gives the focus back to what opens it. */
export function closeOnEscape(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

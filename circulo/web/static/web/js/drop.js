// A file dropped on the field goes into it.
for (const place of document.querySelectorAll("[data-drop]")) {
  const over = (is) => place.classList.toggle("over", is);
  place.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  place.addEventListener("dragleave", () => over(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    const field = place.querySelector("[type=file]");
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; field.focus(); }
  });
}

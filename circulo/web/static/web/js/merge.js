// The editor of templates: a field by its name, where one was writing.
let last = document.querySelector("[data-merge]");
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-merge], [name^=subject_]")) last = event.target; });
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "field-picker" || event.key !== "Enter") return;
  event.preventDefault(); // the form is not meant
  const names = [...document.querySelectorAll("#field-names option")].map((one) => one.value), said = event.target.value.trim();
  const name = names.includes(said) ? said : names.find((one) => said && one.includes(said));
  if (!name || !last) return;
  last.focus();
  last.setRangeText(`{{ ${name} }}`, last.selectionStart, last.selectionEnd, "end");
  last.dispatchEvent(new Event("input", { bubbles: true }));
  event.target.value = "";
});

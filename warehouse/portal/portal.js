// Tables that sort by a click on the heading and filter by a field above; without this script they are plain tables.
"use strict";

const collator = new Intl.Collator("ru", { numeric: true });

function compare(left, right, kind) {
  if (left === right) return 0;
  if (left === "") return 1;
  if (right === "") return -1;
  const a = Number(left), b = Number(right);
  if (kind !== "text" && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return collator.compare(left, right);
}

function sortBy(table, index, direction, kind) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const value = (row) => row.cells[index].dataset.value ?? row.cells[index].textContent.trim();
  const keyed = rows.map((row) => [value(row), row]);
  keyed.sort(([a], [b]) => (a === "" || b === "" ? compare(a, b, kind) : direction * compare(a, b, kind)));
  body.append(...keyed.map(([, row]) => row));
}

function makeSortable(table) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      sortBy(table, index, direction, head.dataset.kind);
    });
  });
}

function makeFilter(table) {
  const rows = Array.from(table.tBodies[0].rows);
  const texts = rows.map((row) => row.textContent.toLocaleLowerCase("ru").replace(/\s+/g, " "));
  const label = document.createElement("label");
  const field = document.createElement("input");
  const count = document.createElement("output");
  label.className = "filter";
  field.type = "search";
  field.placeholder = "слово, номер, код…";
  count.setAttribute("aria-live", "polite");
  label.append("Найти в таблице", field, count);
  table.closest(".scroll").before(label);
  let waiting = 0;
  const apply = () => {
    const words = field.value.toLocaleLowerCase("ru").split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every((word) => texts[index].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    if (table.tFoot) table.tFoot.hidden = words.length > 0;
    count.textContent = words.length ? `показано ${shown} из ${rows.length}` : "";
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  const [name, wanted] = location.hash.slice(1).split("=");
  if (wanted && table.closest(".scroll").getAttribute("aria-labelledby") === name) {
    field.value = decodeURIComponent(wanted);
    apply();
    document.getElementById(name).scrollIntoView();
  }
}

document.querySelectorAll("table[data-sortable]").forEach((table) => {
  makeSortable(table);
  if (table.tBodies[0].rows.length > 8) makeFilter(table);
});

const MOST_FOUND = 100;

function makeSearch(place, index) {
  const texts = index.map((entry) => entry.slice(0, 3).join(" ").toLocaleLowerCase("ru"));
  const label = document.createElement("label");
  const field = document.createElement("input");
  const count = document.createElement("output");
  const kinds = document.createElement("fieldset");
  const list = document.createElement("ol");
  label.className = "filter";
  field.type = "search";
  field.placeholder = "ЗАГС, СНИЛС, 1020300…, a3f9…";
  count.setAttribute("aria-live", "polite");
  label.append("Найти", field, count);
  const boxes = place.dataset.kinds.split(",").map((kind) => {
    const box = document.createElement("input");
    const named = document.createElement("label");
    box.type = "checkbox";
    box.checked = true;
    box.value = kind;
    named.append(box, ` ${kind}`);
    kinds.append(named);
    box.addEventListener("change", () => apply());
    return box;
  });
  place.append(label, kinds, list);
  let waiting = 0;
  const apply = () => {
    const words = field.value.toLocaleLowerCase("ru").split(/\s+/).filter(Boolean);
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const found = words.length ? index.filter((entry, at) => wanted.has(entry[0]) && words.every((word) => texts[at].includes(word))) : [];
    list.replaceChildren(...found.slice(0, MOST_FOUND).map(([kind, title, details, href]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const small = document.createElement("small");
      link.textContent = title;
      link.href = href;
      small.textContent = `${kind} · ${details}`;
      item.append(link, small);
      return item;
    }));
    count.textContent = !words.length ? "" : found.length > MOST_FOUND ? `найдено ${found.length}, показаны первые ${MOST_FOUND}` : `найдено ${found.length}`;
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      location.replace(`#${encodeURIComponent(field.value)}`);
      apply();
    }, 120);
  });
  field.addEventListener("keydown", (event) => {
    const first = list.querySelector("a");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter") first?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = Array.from(list.querySelectorAll("a"));
    const next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? field : links[Math.min(next, links.length - 1)]).focus();
    event.preventDefault();
  });
  field.value = decodeURIComponent(location.hash.slice(1));
  apply();
  field.focus();
}

const index = document.getElementById("search-index");
if (index) makeSearch(document.getElementById("search"), JSON.parse(index.textContent));

const quick = document.querySelector("[data-quick]");
if (quick) {
  const page = quick.querySelector("a").href;
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.className = "filter";
  field.type = "search";
  field.placeholder = "отчёт, район, школа, ОГРН…";
  label.append("Найти", field);
  quick.replaceChildren(label);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") location.href = `${page}#${encodeURIComponent(field.value)}`;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const field = document.querySelector("#search input[type=search], [data-quick] input");
  event.preventDefault();
  if (field) field.focus();
  else document.querySelector("a[data-search]")?.click();
});

const openDetails = () => document.querySelectorAll("details").forEach((part) => { part.open = true; });
window.addEventListener("beforeprint", openDetails);

// Making elements. Texts are always texts: nothing on the page is parsed as HTML.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

const find = (id) => document.getElementById(id);
const fill = (id, ...children) => find(id).replaceChildren(...children.flat().filter(Boolean));

// A table with a heading row. Columns: {name, number: true for right-aligned}.
function makeTable(columns, rows, { caption = "", foot = [], name = null } = {}) {
  const head = columns.map((column) => (column.name ? make("th", { scope: "col", class: column.number ? "number" : null }, column.name) : make("td", {})));
  return make("table", { class: name },
    caption ? make("caption", { class: "unseen" }, caption) : null,
    make("thead", {}, make("tr", {}, head)),
    make("tbody", {}, rows),
    foot.length ? make("tfoot", {}, foot) : null);
}

const cell = (text, attributes = {}) => make("td", attributes, text);
const numberCell = (text, attributes = {}) => make("td", { ...attributes, class: `number ${attributes.class || ""}`.trim() }, text);
const rowHead = (text, attributes = {}) => make("th", { scope: "row", ...attributes }, text);

// A box that scrolls, reachable with the keyboard.
const scrollBox = (label, ...children) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, ...children);

// Buttons of which one is pressed.
function makeChoice(label, options, chosen, choose) {
  const group = make("div", { class: "choice", role: "group", "aria-label": label });
  for (const [value, text, title] of options) {
    group.append(make("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value, title, onclick: () => choose(value) }, text));
  }
  return group;
}

function press(group, value) {
  for (const button of group.children) button.setAttribute("aria-pressed", String(button.dataset.value === String(value)));
}

// One of many cells is reachable with Tab; the arrow keys go on from there.
function rove(root, target, { focus = true } = {}) {
  for (const other of root.querySelectorAll('[tabindex="0"]')) if (other !== target) other.tabIndex = -1;
  target.tabIndex = 0;
  if (focus) target.focus();
}

// A note beside the pointer, or beside what has the focus. Screen readers have the same in labels.
const tip = {
  show(lines, x, y) {
    const box = find("tip");
    box.replaceChildren(...lines.filter(Boolean).map((line, index) => make(index ? "div" : "strong", {}, line)));
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 14, innerWidth - width - 8));
    const top = y + 18 + height > innerHeight ? y - height - 12 : y + 18;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(8, top)}px`;
  },
  over(element, lines) {
    const { left, bottom } = element.getBoundingClientRect();
    tip.show(lines, left - 8, bottom - 12);
  },
  hide() { find("tip").hidden = true; },
};

// Tips for the cells of a grid: `describe(cell)` gives the lines.
function followCells(root, describe) {
  root.addEventListener("pointermove", (event) => {
    const target = event.target.closest("[data-count]");
    if (target) tip.show(describe(target), event.clientX, event.clientY);
    else tip.hide();
  });
  root.addEventListener("pointerleave", tip.hide);
  root.addEventListener("focusin", (event) => { if (event.target.matches("[data-count]:focus-visible")) tip.over(event.target, describe(event.target)); });
  root.addEventListener("focusout", tip.hide);
}

const STEPS = 5;

// The steps of colour for numbers: even from 0 to the most. Where nearly all would have the darkest, as in an estate of many
// schedules, even from the lowest of those instead.
function scaleOf(numbers) {
  const some = [...numbers].filter(Boolean).sort((a, b) => a - b);
  const most = some[some.length - 1] || 0, low = some[Math.floor(some.length / 20)] || 0;
  return { least: low < most && low * STEPS > most * (STEPS - 1) ? low - 1 : 0, most };
}

const upTo = ({ least, most }, step) => Math.floor(least + ((most - least) * step) / STEPS);

// Which of the steps a number has: 0 for none, 5 for the most.
const stepOf = (number, scale) => [0, 1, 2, 3, 4, STEPS].find((step) => number <= (step && upTo(scale, step)));

function makeLegend(scale) {
  const items = [];
  let from = 1;
  for (let step = 1; step <= STEPS; step++) {
    const to = upTo(scale, step);
    if (to < from) continue;
    const text = to === from ? show(to) : `${show(from)}–${show(to)}`;
    items.push(make("li", {}, make("span", { class: `swatch heat-${step}` }), text));
    from = to + 1;
  }
  if (!items.length) return make("p", { class: "card-note" }, "No runs here.");
  return make("ul", { class: "legend", "aria-label": "Runs, by colour" }, make("li", {}, make("span", { class: "swatch heat-0" }), "0"), items);
}

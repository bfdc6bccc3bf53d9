// Hour and weekday: 24 rows, 7 columns.
let hourCells = [];

function buildHours() {
  hourCells = [];
  const rows = [];
  for (let hour = 0; hour < 24; hour++) {
    const cells = WEEKDAYS.map((_, weekday) => {
      const index = weekday * 24 + hour;
      const element = make("td", { tabindex: "-1", "data-cell": String(index) });
      hourCells[index] = element;
      return element;
    });
    rows.push(make("tr", {}, make("th", { scope: "row" }, `${pad(hour)}`), cells));
  }
  const grid = make("table", { role: "grid", class: "hour-grid", id: "hour-grid", "aria-labelledby": "hours-title" },
    make("thead", {}, make("tr", {}, make("td", {}), WEEKDAYS.map((name) => make("th", { scope: "col", abbr: name }, name.slice(0, 2))))),
    make("tbody", {}, rows));
  grid.addEventListener("click", (event) => chooseCell(event.target.closest("[data-cell]")));
  grid.addEventListener("keydown", moveInHours);
  followCells(grid, (element) => [nameCell(Number(element.dataset.cell)), `${count(Number(element.dataset.count), "run")} in the window`, "Enter or click: this hour alone"]);
  fill("hours", grid, make("div", { id: "hours-legend" }));
  hourCells[0].tabIndex = 0;
}

function chooseCell(element) {
  if (!element) return;
  const index = Number(element.dataset.cell);
  rove(find("hour-grid"), element);
  change({ cell: state.cell === index ? null : index });
}

function moveInHours(event) {
  const element = event.target.closest("[data-cell]");
  if (!element) return;
  const index = Number(element.dataset.cell), hour = index % 24, weekday = Math.floor(index / 24);
  const to = { ArrowUp: [weekday, hour - 1], ArrowDown: [weekday, hour + 1], ArrowLeft: [weekday - 1, hour], ArrowRight: [weekday + 1, hour], Home: [0, hour], End: [6, hour], PageUp: [weekday, 0], PageDown: [weekday, 23] }[event.key];
  if (event.key === "Enter" || event.key === " ") chooseCell(element);
  else if (to === undefined) return;
  else {
    const limit = (value, most) => Math.max(0, Math.min(most, value));
    rove(find("hour-grid"), hourCells[limit(to[0], 6) * 24 + limit(to[1], 23)]);
  }
  event.preventDefault();
}

function showHours(counts) {
  if (!hourCells.length) buildHours();
  const scale = scaleOf(counts.cells);
  hourCells.forEach((element, index) => {
    const amount = counts.cells[index];
    element.dataset.count = String(amount);
    element.className = `hour heat-${stepOf(amount, scale)}`;
    element.textContent = amount ? showShort(amount) : "";
    element.setAttribute("aria-selected", String(index === state.cell));
    element.setAttribute("aria-label", `${nameCell(index)}, ${count(amount, "run")}`);
  });
  fill("hours-legend", makeLegend(scale));
}

// The list of schedules beside the page, and the card of the one that is chosen.
let list, listItems = [], sorting = "name";

function makeSide() {
  list = make("ul", { class: "list", role: "listbox", "aria-label": "Schedules", id: "list" });
  listItems = schedules.map((schedule) => {
    const bar = make("span", { class: "list-bar" });
    const number = make("span", { class: "list-count" });
    const mark = schedule.enabled ? null : make("span", { class: "badge" }, "disabled");
    const item = make("li", { role: "option", tabindex: "-1", "aria-selected": "false", "data-index": String(schedule.index) },
      make("span", { class: "list-name" }, schedule.name), mark, number,
      make("span", { class: "list-words" }, schedule.words || schedule.title), make("span", { class: "list-track" }, bar));
    return { item, bar, number, schedule };
  });
  list.addEventListener("click", (event) => toggle(event.target.closest("li")));
  list.addEventListener("keydown", moveInList);
  const sort = make("select", { id: "sort", "aria-label": "Sort schedules by", onchange: (event) => { sorting = event.target.value; orderList(); } },
    ["name", "runs", ...(report.estimate ? ["cost"] : [])].map((key) => make("option", { value: key }, `by ${key}`)));
  fill("side", make("div", { class: "side-head" }, make("h2", {}, "Schedules"), sort), list, make("p", { class: "nothing", id: "list-none", hidden: true }, "No schedule fits."));
  orderList();
}

function toggle(item) {
  if (!item) return;
  const index = Number(item.dataset.index);
  rove(list, item);
  change({ chosen: state.chosen === index ? null : index });
}

function moveInList(event) {
  const item = event.target.closest("li");
  const shown = [...list.children].filter((other) => !other.hidden);
  const at = shown.indexOf(item);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
  if (event.key === "Enter" || event.key === " ") toggle(item);
  else if (to === undefined) return;
  else rove(list, shown[Math.max(0, Math.min(shown.length - 1, to))]);
  event.preventDefault();
}

function orderList() {
  const keys = { name: () => 0, runs: (schedule) => -schedule.epochs.length, cost: (schedule) => -Number(totalOf(schedule) ?? -1) };
  const key = keys[sorting];
  const ordered = [...listItems].sort((a, b) => key(a.schedule) - key(b.schedule) || a.schedule.index - b.schedule.index);
  list.replaceChildren(...ordered.map((entry) => entry.item));
}

function showSide() {
  const most = Math.max(1, ...schedules.map((schedule) => (schedule.listed ? schedule.counted : 0)));
  let first = null, current = null;
  for (const { item, bar, number, schedule } of listItems) {
    item.hidden = !schedule.listed;
    if (item.hidden) continue;
    const chosen = state.chosen === schedule.index;
    item.setAttribute("aria-selected", String(chosen));
    number.textContent = show(schedule.counted);
    item.dataset.runs = String(schedule.counted);
    item.title = schedule.title;
    bar.style.width = `${(100 * schedule.counted) / most}%`;
    if (chosen || item.tabIndex === 0) current = current && !chosen ? current : item;
  }
  first = [...list.children].find((item) => !item.hidden) || null;
  find("list-none").hidden = first !== null;
  for (const item of list.querySelectorAll('[tabindex="0"]')) item.tabIndex = -1;
  if (current || first) (current || first).tabIndex = 0;
}

function showDetail() {
  const card = find("detail");
  card.hidden = state.chosen === null;
  if (card.hidden) return card.replaceChildren();
  const schedule = schedules[state.chosen];
  const zone = ZONE_MODES[state.zone].of(schedule);
  const facts = [
    ["When", `${schedule.words || "as its runs say"}${schedule.enabled ? "" : " (disabled: it does not run)"}`],
    ["Zone", schedule.zone_name.startsWith("UTC") ? schedule.zone_name : `${schedule.zone_name} = ${report.zones[schedule.zone].key}`],
    ["Starts", schedule.starts],
    ["Compute", schedule.pieces.map(describePiece)],
    ["Experiment", schedule.experiment],
    ["Tags", schedule.tags.join(", ")],
    ["File", schedule.source],
    ["Cost", describeCost(schedule)],
    ["First runs", nextRuns(schedule, zone)],
    ["Notes", schedule.notes.length ? schedule.notes : ""],
  ].filter(([, value]) => value);
  return card.replaceChildren(
    make("header", { class: "card-head" }, make("h2", {}, schedule.name), make("div", { class: "card-tools" }, make("button", { type: "button", class: "quiet", onclick: () => change({ chosen: null }) }, "Show all schedules"))),
    schedule.title || schedule.description ? make("p", { class: "detail-text" }, [schedule.title, schedule.description].filter(Boolean).join(": ")) : "",
    make("dl", { class: "facts-list" }, facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, Array.isArray(value) ? value.map((line) => make("div", {}, line)) : value)))));
}

function describePiece(piece) {
  const compute = piece.compute === null ? "not known" : computes[piece.compute].name;
  const length = piece.length === null ? "length unknown" : showLength(piece.length) + (piece.longest && piece.longest > piece.length ? ` (95 % within ${showLength(piece.longest)})` : "");
  const nodes = piece.nodes === null ? null : count(piece.nodes, "node");
  const offset = piece.offset ? `after ${showLength(piece.offset)}` : null;
  return `${compute}: ${[nodes, length, offset, piece.fits ? null : "more nodes than there can be: it never starts"].filter(Boolean).join(", ")}`;
}

function nextRuns(schedule, zone) {
  const shown = [...schedule.epochs.slice(0, 3)].map((epoch) => `${showWall(wallAt(zone, epoch))} (${showUtc(epoch)})`);
  const more = schedule.epochs.length - shown.length;
  return shown.length ? [...shown, ...(more > 0 ? [`and ${show(more)} more in the window`] : [])] : "none in the window";
}

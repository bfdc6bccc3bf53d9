// The head of the page, the bar of filters and the tiles.
function makeTheme() {
  const order = ["auto", "light", "dark"];
  let at = 0;
  try { at = Math.max(0, order.indexOf(localStorage.getItem("mlschedule-theme"))); } catch (_) { /* nothing is kept */ }
  const button = make("button", { type: "button", class: "quiet", onclick: () => set((at + 1) % order.length) });
  function set(index) {
    at = index;
    if (order[at] === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = order[at];
    button.textContent = `Colours: ${order[at]}`;
    try { localStorage.setItem("mlschedule-theme", order[at]); } catch (_) { /* nothing is kept */ }
  }
  set(at);
  return button;
}

function showFacts() {
  const disabled = schedules.filter((schedule) => !schedule.enabled).length;
  const parts = [
    `${showUtc(START).replace("T00:00:00Z", "")} to ${showUtc(END).replace("T00:00:00Z", "")} (UTC)`,
    ...(report.window_there ? [report.window_there] : []),
    `${count(TOTAL, "run")} of ${count(schedules.length, "schedule")}${disabled ? `, ${show(disabled)} disabled` : ""}`,
    `zone data ${report.tzdata}`,
  ];
  fill("facts", parts.map((part) => make("span", {}, part)));
  fill("head-tools", makeTheme());
  const made = make("p", {}, `Made with ${report.made_with}, time zone data ${report.tzdata}. Seen from ${showUtc(report.made_at)}.`);
  const how = make("p", {}, "Runs are those that Azure ML would start by its documented rules; lengths are typical ones. A window begins with its first second and ends before its last.");
  fill("foot", made, how);
}

function showBanner() {
  const assumed = schedules.filter((schedule) => schedule.assumed).length;
  const lines = [];
  if (report.broken.length) {
    const files = report.broken.length === 1 ? "A file is" : `${show(report.broken.length)} files are`;
    lines.push(make("p", { class: "banner error", role: "status" }, make("strong", {}, `${files} wrong: runs of schedules in ${report.broken.length === 1 ? "it" : "them"} may be missing on this page. `), `${report.broken.join(", ")}. The table of findings says why.`));
  }
  if (assumed) {
    lines.push(make("p", { class: "banner" }, `${count(assumed, "schedule")} without start_time: the times hang on the creation of the schedule, taken to be ${showUtc(START)}.`));
  }
  fill("banner", lines);
}

let zoneChoice, chips, found, searchBox;

function makeBar() {
  searchBox = make("input", { type: "search", id: "search", placeholder: "Search schedules, tags, computes, jobs", "aria-label": "Search schedules by name, tag, compute or job", autocomplete: "off", spellcheck: "false" });
  searchBox.addEventListener("input", () => change({ query: searchBox.value, chosen: null }, { silent: true }));
  const options = Object.entries(ZONE_MODES).map(([value, mode]) => [value, mode.label, `Days and hours of ${mode.title}`]);
  zoneChoice = makeChoice("Days and hours in the time zone", options, state.zone, (zone) => change({ zone }));
  chips = make("div", { class: "chips" });
  found = make("p", { class: "found", role: "status", "aria-live": "polite", id: "found" });
  const zone = make("div", { class: "labelled" }, make("span", { "aria-hidden": "true" }, "Time zone"), zoneChoice);
  fill("bar", searchBox, zone, chips, found);
}

const chip = (text, changes) => make("button", { type: "button", class: "chip", "aria-label": `Clear ${text}`, onclick: () => change(changes) }, make("span", {}, text), make("span", { class: "chip-x", "aria-hidden": "true" }, "×"));

function showBar(counts) {
  press(zoneChoice, state.zone);
  if (searchBox.value !== state.query) searchBox.value = state.query;
  const list = [];
  if (state.query) list.push(chip(`Search: ${state.query}`, { query: "" }));
  if (state.chosen !== null) list.push(chip(`Schedule: ${schedules[state.chosen].name}`, { chosen: null }));
  if (state.day !== null) list.push(chip(`Day: ${showDay(state.day)}`, { day: null }));
  if (state.cell !== null) list.push(chip(`Hour: ${nameCell(state.cell)}`, { cell: null }));
  if (list.length > 1) list.push(make("button", { type: "button", class: "chip plain", onclick: () => change({ ...CLEAR }) }, "Clear all"));
  chips.replaceChildren(...list);
  const visible = schedules.filter((schedule) => schedule.visible).length;
  found.textContent = isFiltered()
    ? `${show(counts.runs)} of ${count(TOTAL, "run")}, ${show(visible)} of ${count(schedules.length, "schedule")}`
    : `${count(TOTAL, "run")}, ${count(schedules.length, "schedule")}`;
}

const tile = (id, label, value, more) => make("div", { class: "tile", id },
  make("div", { class: "tile-label" }, label), make("div", { class: "tile-value" }, value), [more].flat().map((line) => make("div", { class: "tile-more" }, line)));

function showTiles(counts) {
  const visible = schedules.filter((schedule) => schedule.visible);
  const disabled = visible.filter((schedule) => !schedule.enabled).length;
  const days = counts.days, busiest = state.day === null ? days.indexOf(Math.max(...days)) : state.day - counts.first, hour = counts.cells.indexOf(Math.max(...counts.cells));
  const some = counts.runs > 0;
  fill("tiles",
    tile("tile-runs", "Runs", show(counts.runs), isFiltered() ? `of ${show(TOTAL)} in the window` : `in ${count(Math.round((END - START) / DAY), "day")}`),
    tile("tile-schedules", "Schedules", show(visible.length), [isFiltered() ? `of ${show(schedules.length)}` : "planned", disabled ? `, ${show(disabled)} disabled` : ""].join("")),
    tile("tile-day", state.day === null ? "Busiest day" : "Day", some ? showDay(counts.first + busiest).slice(0, -5) : "none", some ? count(days[busiest], "run") : ""),
    tile("tile-hour", "Busiest hour", some ? `${shortDay(Math.floor(hour / 24))} ${pad(hour % 24)}:00` : "none", some ? count(counts.cells[hour], "run") : ""),
    costTile(visible),
    findingsTile());
}

function findingsTile() {
  const list = findingsShown();
  const number = (severity) => list.filter((item) => item.severity === severity).length;
  const parts = ["error", "warning", "note"].map((severity) => [severity, number(severity)]).filter(([, amount]) => amount);
  return tile("tile-findings", "Findings", show(list.length), parts.map(([severity, amount]) => count(amount, severity)).join(", ") || "nothing to say");
}

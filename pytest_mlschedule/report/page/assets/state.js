// What is chosen, kept in the address of the page (after #), so that a link shows the same.
const state = { zone: "schedule", query: "", chosen: null, day: null, cell: null, from: null, span: 7 };
const CLEAR = { query: "", chosen: null, day: null, cell: null };
const isFiltered = () => state.query !== "" || state.chosen !== null || state.day !== null || state.cell !== null;

// Whether the runs of a schedule are counted by day and hour: it fits the search, and no other is chosen.
const isCounted = (schedule) => schedule.matches && (state.chosen === null || state.chosen === schedule.index);

const nameCell = (cell) => `${WEEKDAYS[Math.floor(cell / 24)]} ${showHour(cell % 24)}`;

function writeAddress() {
  const parts = new URLSearchParams();
  if (state.zone !== "schedule") parts.set("zone", state.zone);
  if (state.query) parts.set("q", state.query);
  if (state.chosen !== null) parts.set("schedule", schedules[state.chosen].name);
  if (state.day !== null) parts.set("day", isoDay(state.day));
  if (state.cell !== null) parts.set("hour", `${shortDay(Math.floor(state.cell / 24))}-${pad(state.cell % 24)}`);
  if (state.from !== null) parts.set("from", isoDay(state.from));
  if (state.span !== 7) parts.set("span", String(state.span));
  return parts.toString();
}

function readAddress(text) {
  const parts = new URLSearchParams(text);
  const found = { ...CLEAR, zone: "schedule", from: null, span: 7 };
  if (Object.hasOwn(ZONE_MODES, parts.get("zone") || "")) found.zone = parts.get("zone");
  found.query = parts.get("q") || "";
  const chosen = schedules.findIndex((schedule) => schedule.name === parts.get("schedule"));
  if (chosen >= 0) found.chosen = chosen;
  // A link to a schedule that is gone finds nothing, in sight of the reader.
  else if (parts.get("schedule")) found.query = parts.get("schedule");
  found.day = readDay(parts.get("day") || "");
  const hour = /^([A-Z][a-z]{2})-(\d\d)$/.exec(parts.get("hour") || "");
  const weekday = hour ? WEEKDAYS.findIndex((name) => name.startsWith(hour[1])) : -1;
  if (weekday >= 0 && Number(hour[2]) < 24) found.cell = weekday * 24 + Number(hour[2]);
  found.from = readDay(parts.get("from") || "");
  if (parts.get("span") === "1") found.span = 1;
  return found;
}

let listener = () => {};
let written = "";

// Change what is chosen. `silent`: typing and paging are no steps to go back to.
function change(changes, { silent = false } = {}) {
  Object.assign(state, changes);
  written = writeAddress();
  try {
    const address = `#${written}`;
    if (silent) history.replaceState(null, "", address);
    else if (location.hash !== address) history.pushState(null, "", address);
  } catch (_) { /* a page without an address of its own: it works all the same */ }
  listener(changes);
}

function followAddress(listen) {
  listener = listen;
  const read = () => {
    const text = location.hash.replace(/^#/, "");
    if (text === written || (text && !text.includes("="))) return;
    written = text;
    Object.assign(state, readAddress(text));
    listener(state);
  };
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  written = location.hash.replace(/^#/, "");
  if (written.includes("=")) Object.assign(state, readAddress(written));
}

// Clock changes: on which day they are, what they do, and whom they touch.
const dayLength = (change) => 24 - (change.after - change.before) / HOUR;
const ownDay = (change) => Math.floor((change.instant + Math.min(change.before, change.after)) / DAY);

function viewerChanges() {
  return VIEWER_ZONE.instants.filter((instant) => instant >= START && instant < END).map((instant) => {
    const at = VIEWER_ZONE.instants.indexOf(instant);
    return { zone: VIEWER_ZONE.key, names: ["your zone"], instant, before: VIEWER_ZONE.offsets[at], after: VIEWER_ZONE.offsets[at + 1], touched: [], others: 0, own: true, viewer: true };
  });
}

// The changes of a mode by day: on the clocks of their own zone, else when they happen on those that are shown.
function placeChanges(mode) {
  const places = new Map();
  const add = (day, change) => places.set(day, [...(places.get(day) || []), change]);
  if (mode === "viewer") for (const change of viewerChanges()) add(ownDay(change), change);
  for (const change of report.clock_changes) {
    if (mode === "schedule") add(ownDay(change), { ...change, own: true });
    else add(dayAt(mode === "utc" ? UTC_ZONE : VIEWER_ZONE, change.instant), change);
  }
  return places;
}

const changePlaces = {};

// The changes of a day that concern schedules in sight; the viewer's own concern the viewer.
function changesOn(day) {
  const marks = (changePlaces[state.zone] ||= placeChanges(state.zone)).get(day) || [];
  if (!marks.length) return marks;
  const zones = new Set(schedules.filter(isCounted).map((schedule) => report.zones[schedule.zone].key));
  return marks.filter((mark) => mark.viewer || zones.has(mark.zone));
}

function markText(marks) {
  const lengths = new Set(marks.map((mark) => (mark.own ? `${dayLength(mark)}h` : "±")));
  return lengths.size === 1 ? [...lengths][0] : "±";
}

function nameChange(change) {
  const at = showClock(change.instant + change.before), then = showClock(change.instant + change.after);
  return `${at} becomes ${then}`;
}

function describeMark(mark) {
  const where = mark.names.join(", ");
  const what = mark.own ? `a day of ${dayLength(mark)} hours` : `on ${showDay(ownDay(mark))} there`;
  const number = mark.touched.filter(([index]) => isCounted(schedules[index])).length;
  const touched = number ? `, ${count(number, "schedule")} with runs in it` : "";
  return `Clocks change in ${where}: ${nameChange(mark)}, ${what}${touched}`;
}

const LISTED = 4;

function listTouched(change) {
  const touched = change.touched.filter(([index]) => schedules[index].visible);
  const lines = touched.map(([index, words]) => make("li", {}, chooseLink(index), `: ${words}`));
  const parts = [];
  if (lines.length) parts.push(make("ul", { class: "lines" }, lines.slice(0, LISTED)));
  if (lines.length > LISTED) parts.push(make("details", {}, make("summary", {}, `${show(lines.length - LISTED)} more`), make("ul", { class: "lines" }, lines.slice(LISTED))));
  if (!isFiltered() && change.others) parts.push(make("p", { class: "soft" }, `${count(change.others, `${lines.length ? "other " : ""}schedule`)}: no run falls into it`));
  if (!parts.length) parts.push(make("p", { class: "soft" }, "no run of these schedules falls into it"));
  return parts;
}

const chooseLink = (index) => make("button", { type: "button", class: "link", onclick: () => change({ chosen: index }) }, schedules[index].name);

function showChanges() {
  const zones = new Set(schedules.filter((schedule) => schedule.visible).map((schedule) => report.zones[schedule.zone].key));
  const shown = report.clock_changes.filter((change) => zones.has(change.zone) && (state.day === null || changesOn(state.day).some((mark) => mark.instant === change.instant && mark.zone === change.zone)));
  find("changes-note").textContent = shown.length ? "Days that are shorter or longer than 24 hours, and what that does to runs." : "";
  if (!shown.length) return fill("changes", make("p", { class: "nothing" }, state.day === null ? "No clocks change in the window in the zones of these schedules." : "No clocks change on that day in the zones of these schedules."));
  const rows = shown.map((change) => make("tr", {},
    rowHead(showDay(ownDay(change)), { class: "nowrap" }),
    make("td", {}, change.names.join(", "), make("div", { class: "soft" }, change.zone)),
    make("td", { class: "nowrap" }, nameChange(change), make("div", { class: "soft" }, `a day of ${dayLength(change)} hours`)),
    make("td", {}, listTouched(change))));
  const columns = ["Day there", "Zone", "What happens", "Runs that it touches"].map((name) => ({ name }));
  return fill("changes", scrollBox("Table of clock changes", makeTable(columns, rows, { caption: "Clock changes in the window", name: "stack" })));
}

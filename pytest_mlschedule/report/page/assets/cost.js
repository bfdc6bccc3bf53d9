// What runs cost: figures of the estimate, and what is said of them.
const estimate = report.estimate;
const costRows = new Map(((estimate && estimate.schedules) || []).map((row) => [row.name, row]));
const currency = (estimate && estimate.currency) || "";
// Whether there are prices: without them node hours are told, and no money.
const priced = Boolean(estimate) && Boolean(estimate.prices);

const given = (value) => value !== null && value !== undefined;
const costOf = (schedule) => costRows.get(schedule.name) || null;
const totalOf = (schedule) => (costOf(schedule) ? costOf(schedule).total ?? null : null);
const reasonOf = (row) => row.reason || (row.compute || {}).reason || (row.logic_app || {}).reason || "not known";
const hintOf = (row) => (row.compute || {}).hint || (row.logic_app || {}).hint || "";
const amountOf = (text) => (given(text) ? showMoney(text) : "unknown");
const hoursOf = (number) => (given(number) ? number.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 }) : "unknown");
const costName = (name) => `${name}${currency ? `, ${currency}` : ""}`;
const asOf = (priced && estimate.prices.as_of) || "";
const priceDate = asOf ? `prices of ${readDay(asOf) === null ? asOf : showDay(readDay(asOf)).slice(4)}` : "prices without a date";
const regions = [...new Set(((estimate && estimate.computes) || []).map((compute) => compute.region).filter(Boolean))].sort();

function describeCost(schedule) {
  const row = costOf(schedule);
  if (!row || !priced) return "";
  return given(row.total) ? `${showMoney(row.total)} ${currency} in the window (${priceDate})` : `unknown: ${reasonOf(row)}`;
}

function costTile(visible) {
  const hours = visible.map(costOf).filter((row) => row && row.compute && given(row.compute.node_hours));
  if (!priced) {
    const sum = hours.reduce((all, row) => all + row.compute.node_hours, 0);
    return hours.length ? tile("tile-cost", "Node hours", hoursOf(sum), "no prices were given") : tile("tile-cost", "Cost", "unknown", "no prices were given");
  }
  const known = visible.map(totalOf).filter(given);
  const unknown = visible.filter((schedule) => costOf(schedule) && totalOf(schedule) === null).length;
  if (!visible.length) return tile("tile-cost", costName("Cost"), "none", "no schedule fits");
  if (!known.length) return tile("tile-cost", "Cost", "unknown", unknown ? `of ${count(unknown, "schedule")}` : "of these schedules");
  const whole = !isFiltered() && given(estimate.known_total);
  const amount = whole ? estimate.known_total : addMoney(known);
  const more = unknown ? `at least: ${count(unknown, "schedule")} unknown` : state.day !== null || state.cell !== null ? "whole window" : "in the window";
  return tile("tile-cost", costName("Cost"), showMoney(amount), [more, priceDate]);
}

function monthTotals(visible) {
  const months = new Map();
  for (const schedule of visible) {
    for (const [month, share] of Object.entries(costOf(schedule).months || {})) {
      if (!months.has(month)) months.set(month, { month, known: [], unknown: 0, runs: 0 });
      const entry = months.get(month);
      entry.runs += share.runs || 0;
      if (given(share.cost)) entry.known.push(share.cost);
      else entry.unknown += share.runs ? 1 : 0;
    }
  }
  return [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1)).map((entry) => ({ ...entry, total: entry.known.length ? addMoney(entry.known) : null }));
}

function showCost() {
  find("cost-title").textContent = priced || !estimate ? "Cost" : "Node hours";
  find("cost-note").textContent = estimate ? "Whole window, whatever day or hour is chosen." : "";
  const none = priced ? null : make("p", { class: "nothing" }, report.no_estimate || "No prices were given, so nothing is said of money.");
  const visible = schedules.filter((schedule) => schedule.visible && costOf(schedule));
  if (!estimate) return fill("cost", none);
  if (!visible.length) return fill("cost", none, make("p", { class: "nothing" }, "No schedule fits."));
  return fill("cost", none, priced ? [priceLine(), costMonths(visible)] : null, costTable(visible), unknownCosts(visible), computeTable(), advice(), assumptions());
}

// Where the prices come from, and how much the bill may differ.
function priceLine() {
  const { files = [] } = estimate.prices;
  const where = regions.length ? `, ${regions.join(" and ")}` : "";
  const lines = [`${priceDate.replace("p", "P")}${where}, ${currency || "currency not known"}: ${files.join(", ") || "given as data"}.`];
  const spread = estimate.simulation;
  if (spread && spread.bill && !isFiltered()) lines.push(` Runs differ in length: of ${show(spread.trials)} bills with random lengths half are below ${showMoney(spread.bill.p50)}, 95 % below ${showMoney(spread.bill.p95)}.`);
  return make("p", { class: "card-note" }, lines.join(""));
}

// Each reason once, with whom it concerns.
function unknownCosts(visible) {
  const reasons = new Map();
  for (const schedule of visible) {
    const row = costOf(schedule);
    if (priced ? given(row.total) : given((row.compute || {}).node_hours)) continue;
    const reason = [reasonOf(row), hintOf(row)].filter(Boolean).join("; ");
    reasons.set(reason, [...(reasons.get(reason) || []), schedule.name]);
  }
  if (!reasons.size) return null;
  const lines = [...reasons].map(([reason, names]) => make("li", {}, make("strong", {}, names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${show(names.length - 5)} more` : "")), `: ${reason}`));
  return make("div", {}, make("h3", {}, "Why some of it is unknown"), make("ul", { class: "lines" }, lines));
}

function advice() {
  const moves = (estimate.computes || []).flatMap((compute) => (compute.advice || []).map((move) => make("li", {}, `${compute.name}: `, move.text)));
  return moves.length && !isFiltered() ? make("div", {}, make("h3", {}, "What would lower a peak"), make("ul", { class: "lines" }, moves)) : null;
}

function assumptions() {
  const lines = estimate.assumptions || [];
  return lines.length ? make("div", { class: "assumptions" }, make("h3", {}, "What this rests on"), make("ul", { class: "lines" }, lines.map((line) => make("li", {}, line)))) : null;
}

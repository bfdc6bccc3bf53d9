// The tables of cost: by month, by schedule and month, by compute.
const MOST_COST_ROWS = 25;
let allCosts = false;

const nameMonth = (text) => `${shortMonth(Number(text.slice(5)) - 1)} ${text.slice(0, 4)}`;

function meter(part, most) {
  const bar = make("span", { class: "meter-fill" });
  bar.style.width = `${most > 0 ? Math.max(0, Math.min(100, (100 * part) / most)) : 0}%`;
  return make("span", { class: "meter", "aria-hidden": "true" }, bar);
}

function costMonths(visible) {
  const months = monthTotals(visible);
  if (!months.length) return null;
  const most = Math.max(...months.map((entry) => Number(entry.total || 0)));
  const rows = months.map((entry) => make("tr", {}, rowHead(nameMonth(entry.month), { class: "nowrap" }), make("td", { class: "wide" }, meter(Number(entry.total || 0), most)),
    numberCell(amountOf(entry.total), { "data-month": entry.month, title: entry.total }), numberCell(count(entry.runs, "run")), cell(entry.unknown ? `and ${count(entry.unknown, "schedule")} unknown` : "", { class: "soft nowrap" })));
  const columns = [{ name: "Month" }, { name: "" }, { name: costName("Cost"), number: true }, { name: "Runs", number: true }, { name: "" }];
  return scrollBox("Cost by month", makeTable(columns, rows, { caption: "Cost by month of the schedules shown", name: "bars" }));
}

// The sum of one column. A null is unknown; what is undefined is not there: a month without runs.
function sumCosts(rows, pick) {
  const amounts = rows.map(pick).filter((amount) => amount !== undefined);
  const known = amounts.filter((amount) => amount !== null);
  return known.length || !amounts.length ? `${known.length < amounts.length ? "≥ " : ""}${showMoney(addMoney(known))}` : "unknown";
}

function costTable(visible) {
  const weight = priced ? (schedule) => Number(totalOf(schedule) ?? -1) : (schedule) => (costOf(schedule).compute || {}).node_hours ?? -1;
  const months = priced ? [...new Set(visible.flatMap((schedule) => Object.keys(costOf(schedule).months || {})))].sort() : [];
  const ordered = [...visible].sort((a, b) => weight(b) - weight(a) || a.index - b.index);
  const shown = allCosts ? ordered : ordered.slice(0, MOST_COST_ROWS);
  const most = Math.max(0, ...ordered.map(weight));
  const rows = shown.map((schedule) => costRow(schedule, months, Math.max(0, weight(schedule)), most));
  const money = priced ? [{ name: "Compute", number: true }, { name: "Logic App", number: true }, ...months.map((month) => ({ name: nameMonth(month), number: true })), { name: "" }, { name: costName("Total"), number: true }] : [{ name: "" }];
  const columns = [{ name: "Schedule" }, { name: "Runs", number: true }, { name: "Run takes", number: true }, { name: "Node hours", number: true }, ...money];
  const more = ordered.length - shown.length;
  return make("div", {}, make("h3", {}, "By schedule"),
    scrollBox("By schedule and month", makeTable(columns, rows, { caption: "By schedule and month", foot: costFoot(visible, months) })),
    more > 0 ? make("button", { type: "button", class: "quiet more", onclick: () => { allCosts = true; showCost(); } }, `Show all ${show(ordered.length)} schedules`) : null);
}

function costRow(schedule, months, weight, most) {
  const row = costOf(schedule), compute = row.compute || {}, app = row.logic_app || {};
  const money = priced ? [
    numberCell(amountOf(compute.cost), { title: compute.cost }), numberCell(amountOf(app.cost), { title: app.cost }),
    months.map((month) => { const share = (row.months || {})[month]; return numberCell(share ? amountOf(share.cost) : "", share ? { title: share.cost } : {}); }),
    make("td", { class: "meter-cell" }, meter(weight, most)), numberCell(amountOf(row.total), { class: "strong", title: row.total }),
  ] : [make("td", { class: "meter-cell" }, meter(weight, most))];
  return make("tr", { "data-name": schedule.name }, make("th", { scope: "row" }, chooseLink(schedule.index)), numberCell(show(row.runs ?? schedule.epochs.length)),
    numberCell(given(compute.duration_seconds) ? showLength(compute.duration_seconds) : "unknown", { title: compute.duration_from }), numberCell(hoursOf(compute.node_hours)), money.flat());
}

function costFoot(visible, months) {
  const rows = visible.map(costOf);
  const runs = visible.reduce((all, schedule) => all + schedule.epochs.length, 0);
  const hours = rows.map((row) => (row.compute || {}).node_hours);
  const known = hours.filter(given);
  const line = (name, cells, total) => make("tr", {}, rowHead(name), cells, priced ? [make("td", {}), numberCell(total, { class: "strong" })] : make("td", {}));
  const first = [numberCell(show(runs)), make("td", {}), numberCell(known.length ? `${known.length < hours.length ? "≥ " : ""}${hoursOf(known.reduce((all, one) => all + one, 0))}` : "unknown")];
  if (!priced) return [line(`All ${show(visible.length)}`, first)];
  const money = [numberCell(sumCosts(rows, (row) => (row.compute || {}).cost ?? null)), numberCell(sumCosts(rows, (row) => (row.logic_app || {}).cost ?? null)),
    months.map((month) => numberCell(sumCosts(rows, (row) => ((row.months || {})[month] || {}).cost)))].flat();
  const foot = [line(`All ${show(visible.length)}`, [...first, ...money], sumCosts(rows, (row) => row.total ?? null))];
  const idle = (estimate.computes || []).filter((compute) => !given(compute.waiting_cost) || Number(compute.waiting_cost) > 0);
  if (isFiltered() || !idle.length) return foot;
  const wide = (name, total) => make("tr", {}, rowHead(name, { colspan: String(first.length + money.length + 1) }), make("td", {}), numberCell(total, { class: "strong" }));
  const whole = given(estimate.total) ? showMoney(estimate.total) : `≥ ${showMoney(estimate.known_total)}`;
  return [...foot, wide("Nodes that are always on, unused", sumCosts(idle, (compute) => compute.waiting_cost ?? null)), wide("Everything", whole)];
}

function computeTable() {
  if (state.chosen !== null || !(estimate.computes || []).length) return null;
  const trials = new Map(((estimate.simulation || {}).computes || []).map((one) => [one.name, one]));
  const rows = estimate.computes.map((compute) => {
    const hours = compute.node_hours || {}, peak = (compute.peak || {}).nodes, delays = compute.delays, trial = trials.get(compute.name);
    const spread = trial && peak && trial.peak_nodes.p95 > peak.count ? `, 95 % ≤ ${show(trial.peak_nodes.p95)}` : "";
    const money = priced ? [numberCell(given(compute.price) ? compute.price : "unknown", { title: compute.meter }), numberCell(amountOf(compute.cost), { class: "strong", title: compute.cost })] : [];
    const users = [...costRows.values()].filter((row) => ((row.compute || {}).names || []).includes(compute.name) && row.runs);
    const missing = users.filter((row) => !given(row.compute.node_hours)).length;
    const least = !missing ? (text) => text : missing === users.length ? () => "unknown" : (text) => (text === "unknown" ? text : `≥ ${text}`);
    const size = [compute.size, compute.region, compute.tier].filter(Boolean).join(", ") || "not configured";
    return make("tr", {}, rowHead([compute.name, make("div", { class: "soft" }, size), compute.reason && priced ? make("div", { class: "soft" }, compute.reason) : null].filter(Boolean)),
      numberCell(least(hoursOf(hours.busy))), numberCell(least(hoursOf(hours.idle))), numberCell(hoursOf(hours.waiting)),
      numberCell(peak && missing < Math.max(1, users.length) ? `${missing ? "≥ " : ""}${show(peak.count)}${given(compute.max_nodes) ? ` of ${show(compute.max_nodes)}` : ""}${spread}` : "unknown"),
      numberCell(delays && missing < Math.max(1, users.length) ? (delays.runs ? `${show(delays.runs)}, longest ${showLength(delays.longest_seconds)}` : "none") : "unknown"), money);
  });
  const money = priced ? [{ name: "Price a node hour", number: true }, { name: costName("Cost"), number: true }] : [];
  const columns = [{ name: "Compute" }, { name: "Busy hours", number: true }, { name: "Idle", number: true }, { name: "Always on", number: true }, { name: "Peak nodes asked for", number: true }, { name: "Runs that wait", number: true }, ...money];
  return make("div", {}, make("h3", {}, "By compute"), scrollBox("By compute", makeTable(columns, rows, { caption: "By compute" })));
}

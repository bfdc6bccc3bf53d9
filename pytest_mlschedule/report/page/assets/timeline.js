// The timeline of a week or a day: one lane a compute, bars for runs, nodes in use below them.
const COLOURS = 8, MOST_LABELS = 400, USE_HEIGHT = 44;
let picker, spanChoice, before, after;

function makeTimeline() {
  before = make("button", { type: "button", class: "quiet", "aria-label": "Earlier", onclick: () => turnTimeline(-1) }, "‹");
  after = make("button", { type: "button", class: "quiet", "aria-label": "Later", onclick: () => turnTimeline(1) }, "›");
  picker = make("select", { "aria-label": "Week or day of the timeline", id: "picker", onchange: () => change({ from: Number(picker.value) }, { silent: true }) });
  spanChoice = makeChoice("Length of the timeline", [[7, "Week", "Show a week"], [1, "Day", "Show a day"]], state.span, (span) => change({ span, from: state.day ?? state.from }));
  fill("timeline-tools", spanChoice, make("div", { class: "turn" }, before, picker, after));
  // Drawn in the next frame: what changes sizes while they are being reported is an error to the browser.
  const fit = () => { if (Math.abs(find("timeline").clientWidth - (showTimeline.width || 0)) > 4) showTimeline(); };
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(find("timeline"));
}

// One zone for all: the schedules' where they share one, else UTC.
function timelineZone() {
  if (state.zone !== "schedule") return ZONE_MODES[state.zone].of();
  const zones = zonesInSight();
  return zones.size === 1 ? report.zones[[...zones][0]] : UTC_ZONE;
}

function timelineDays(zone) {
  const first = dayAt(zone, START), last = dayAt(zone, Math.max(START, END - 1));
  const monday = (day) => day - weekdayOf(day);
  let day = state.from ?? state.day;
  if (day === null) day = weekdayOf(first) && monday(first) + 13 <= last ? monday(first) + 7 : first;
  day = Math.max(first, Math.min(last, day));
  return { first: state.span === 7 ? monday(first) : first, last: state.span === 7 ? monday(last) : last, from: state.span === 7 ? monday(day) : day };
}

function turnTimeline(step) {
  const { first, last, from } = timelineDays(timelineZone());
  change({ from: Math.max(first, Math.min(last, from + step * state.span)) }, { silent: true });
}

function showPicker({ first, last, from }) {
  const reach = 150 * state.span;
  const options = [];
  for (let day = Math.max(first, from - reach); day <= Math.min(last, from + reach); day += state.span) {
    const text = state.span === 7 ? `${showDay(day).slice(4, -5)} to ${showDay(day + 6).slice(4)}` : showDay(day);
    options.push(make("option", { value: String(day), selected: day === from }, text));
  }
  picker.replaceChildren(...options);
  press(spanChoice, state.span);
  before.disabled = from <= first;
  after.disabled = from >= last;
}

function showTimeline() {
  const zone = timelineZone(), days = timelineDays(zone);
  showPicker(days);
  const width = Math.max(300, find("timeline").clientWidth);
  showTimeline.width = width;
  const from = dayStart(zone, days.from), to = dayStart(zone, days.from + state.span);
  const frame = { zone, from, to, width, first: days.from, x: (epoch) => ((epoch - from) / (to - from)) * width };
  const lanes = [...collectBars(from, to)].map(([index, bars]) => ({ compute: index === null ? null : computes[index], bars }))
    .filter((lane) => lane.bars.some((bar) => bar.schedule.visible))
    .sort((a, b) => (a.compute ? a.compute.index : Infinity) - (b.compute ? b.compute.index : Infinity));
  const plots = make("div", { class: "plots", id: "plots", tabindex: "0", role: "group", "aria-label": "Timeline; left and right arrow keys turn to earlier and later" });
  plots.addEventListener("keydown", (event) => {
    if (event.target !== plots || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    turnTimeline(event.key === "ArrowLeft" ? -1 : 1);
    find("plots").focus();
    event.preventDefault();
  });
  plots.append(drawAxis(frame), ...lanes.map((lane) => makeLane(lane, frame)));
  if (!lanes.length) plots.append(make("p", { class: "nothing" }, "No runs of these schedules here."));
  fill("timeline", make("p", { class: "card-note", id: "timeline-note" }, describeClocks(frame)), plots, lanes.length ? timelineKey(lanes) : null, lanes.length ? timelineTable(lanes, frame) : null);
}

function zonesInSight() {
  return new Set(schedules.filter((schedule) => schedule.visible && schedule.epochs.length).map((schedule) => schedule.zone));
}

const lengthOfDay = (zone, day) => (dayStart(zone, day + 1) - dayStart(zone, day)) / HOUR;

// On whose clocks the timeline is drawn, and on which of its days they change.
function describeClocks({ zone, first }) {
  const parts = [state.zone === "schedule" && zonesInSight().size > 1 ? "These schedules are in several zones, so the timeline is drawn in UTC." : `Drawn in ${zone.key.replace("Etc/", "")}.`];
  for (let day = first; day < first + state.span; day++) if (lengthOfDay(zone, day) !== 24) parts.push(`${showDay(day)} has ${lengthOfDay(zone, day)} hours: the clocks change.`);
  return parts.join(" ");
}

function gridLines(frame) {
  const lines = [];
  for (let day = frame.first; day <= frame.first + state.span; day++) lines.push({ x: frame.x(dayStart(frame.zone, day)), day, strong: true });
  if (state.span === 1) for (let hour = 3; hour < 24; hour += 3) lines.push({ x: frame.x(instantAt(frame.zone, frame.first * DAY + hour * HOUR)), text: `${pad(hour)}:00` });
  return lines;
}

function drawAxis(frame) {
  const svg = draw("svg", { class: "axis", width: frame.width, height: 22, viewBox: `0 0 ${frame.width} 22`, "aria-hidden": "true" });
  const room = frame.width / state.span;
  for (const line of gridLines(frame)) {
    if (line.strong && line.day === frame.first + state.span) continue;
    const long = line.strong ? (room > 76 ? showDay(line.day).slice(0, -5) : room > 40 ? `${shortDay(weekdayOf(line.day)).slice(0, 2)} ${dateOf(line.day).date}` : String(dateOf(line.day).date)) : line.text;
    if (!line.strong && frame.width < 560 && line.text.slice(0, 2) % 6) continue;
    svg.append(draw("text", { x: line.x + (line.strong ? 4 : 0), y: 15, "text-anchor": line.strong ? "start" : "middle", class: line.strong ? "axis-day" : "axis-hour" }, state.span === 1 && line.strong ? "00:00" : long));
  }
  return svg;
}

function makeLane(lane, frame) {
  const rows = packBars(lane.bars, ((frame.to - frame.from) / frame.width) * 1.5);
  const { used, wanted } = countNodes(lane.bars);
  const height = rows.length <= 8 ? 16 : rows.length <= 24 ? 9 : rows.length <= 60 ? 5 : 3;
  const summary = summarize(lane.bars, used, lane.compute, frame.from, frame.to);
  Object.assign(lane, { rows, used, summary });
  const usable = used.length > 0;
  const tall = rows.length * height + 6 + (usable ? USE_HEIGHT + 12 : 0);
  const name = lane.compute ? lane.compute.name : "compute not known";
  const words = describeLane(summary, frame);
  const svg = draw("svg", { class: "lane-plot", width: frame.width, height: tall, viewBox: `0 0 ${frame.width} ${tall}`, role: "img", "aria-label": `${name}: ${words}` });
  drawGround(svg, frame, tall);
  drawBars(svg, rows, height, frame);
  if (usable) drawUse(svg, { used, wanted, compute: lane.compute, top: rows.length * height + 10 }, frame);
  svg.addEventListener("pointermove", (event) => {
    const bar = barAt(event, svg, rows, height, frame);
    svg.classList.toggle("over", bar !== null);
    if (bar) tip.show(describeBar(bar), event.clientX, event.clientY);
    else tip.hide();
  });
  svg.addEventListener("pointerleave", tip.hide);
  svg.addEventListener("click", (event) => {
    const bar = barAt(event, svg, rows, height, frame);
    if (bar) change({ chosen: state.chosen === bar.schedule.index ? null : bar.schedule.index });
  });
  const size = lane.compute && lane.compute.size ? make("span", { class: "soft" }, lane.compute.size) : null;
  return make("div", { class: "lane" }, make("div", { class: "lane-head" }, make("h3", {}, name), size, make("span", { class: "lane-words" }, words)), svg);
}

function describeLane(summary, frame) {
  const parts = [count(summary.runs, "run")];
  if (summary.peak) parts.push(`peak ${summary.most === null ? count(summary.peak.nodes, "node") : `${show(summary.peak.nodes)} of ${count(summary.most, "node")}`}, ${showWall(wallAt(frame.zone, summary.peak.epoch)).replace(/ \d{4} /, " ")}`);
  if (summary.waited) parts.push(`${count(summary.waited, "run")} waited, the longest ${showLength(summary.longest)}`);
  if (summary.stuck) parts.push(`${count(summary.stuck, "run")} never ${summary.stuck === 1 ? "starts" : "start"}: more nodes than there can be`);
  if (summary.unknown) parts.push(summary.unknown === summary.runs ? "lengths unknown" : `${show(summary.unknown)} of unknown length or size`);
  return parts.join(" · ");
}

function drawGround(svg, frame, tall) {
  const box = (from, to, name) => {
    const left = Math.max(0, frame.x(from)), right = Math.min(frame.width, frame.x(to));
    if (right > left) svg.append(draw("rect", { x: left, y: 0, width: right - left, height: tall, class: name }));
  };
  box(frame.from, START, "outside-window");
  box(END, frame.to, "outside-window");
  if (state.day !== null) box(dayStart(frame.zone, state.day), dayStart(frame.zone, state.day + 1), "chosen-band");
  if (state.cell !== null) {
    for (let day = frame.first; day < frame.first + state.span; day++) {
      const start = dayStart(frame.zone, day) + (state.cell % 24) * HOUR;
      if (weekdayOf(day) === Math.floor(state.cell / 24)) box(start, start + HOUR, "chosen-band");
    }
  }
  for (const line of gridLines(frame)) svg.append(draw("line", { x1: line.x, x2: line.x, y1: 0, y2: tall, class: line.strong ? "grid-day" : "grid-hour" }));
}

// Whether a run is among those that the filters leave.
function isShown(bar) {
  if (!bar.schedule.visible) return false;
  const { days, cells } = clocksOf(state.zone)[bar.schedule.index];
  return (state.day === null || days[bar.index] === state.day) && (state.cell === null || cells[bar.index] === state.cell);
}

// Few paths with many bars each: a week of an estate has tens of thousands.
function drawBars(svg, rows, height, frame) {
  const paths = new Map(), labels = [];
  const add = (name, left, top, wide, tall) => {
    if (!paths.has(name)) paths.set(name, []);
    paths.get(name).push(`M${left.toFixed(1)} ${top}h${wide.toFixed(1)}v${tall}h-${wide.toFixed(1)}z`);
  };
  rows.forEach((row, at) => {
    const top = at * height + 2, tall = Math.max(1.5, height - (height > 4 ? 2 : 1));
    for (const bar of row) {
      const shown = isShown(bar);
      const name = shown ? `bar-${bar.schedule.index % COLOURS}` : "bar-muted";
      const left = Math.max(-2, frame.x(bar.start));
      if (bar.wait) add(shown ? "bar-waiting" : "bar-muted", Math.max(-2, frame.x(bar.asked)), top + tall / 4, left - Math.max(-2, frame.x(bar.asked)), tall / 2);
      if (bar.end === null) add(shown ? (bar.piece.fits ? "bar-unknown" : "bar-stuck") : "bar-muted", left, top, bar.piece.fits ? 2 : 4, tall);
      else add(name, left, top, Math.max(1.5, Math.min(frame.width + 2, frame.x(bar.end)) - left), tall);
      const room = bar.end === null ? 0 : Math.min(frame.width, frame.x(bar.end)) - Math.max(0, left);
      if (shown && height >= 16 && room > 42 && labels.length < MOST_LABELS) labels.push([Math.max(0, left) + 4, top + tall - 3.5, clip(bar.schedule.name, (room - 8) / 6)]);
    }
  });
  for (const name of [...paths.keys()].sort()) svg.append(draw("path", { d: paths.get(name).join(""), class: name }));
  for (const [x, y, text] of labels) svg.append(draw("text", { x, y, class: "bar-label" }, text));
}

const clip = (text, most) => (text.length <= most ? text : `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…`);

function drawUse(svg, { used, wanted, compute, top }, frame) {
  const limit = compute ? compute.max_nodes : null;
  const most = Math.max(limit || 0, 1, ...[...used, ...wanted].map((step) => step[1]));
  const y = (nodes) => top + USE_HEIGHT - (nodes / most) * USE_HEIGHT;
  const outline = (steps) => {
    const parts = [`M0 ${y(0)}`];
    let level = 0;
    for (const [epoch, nodes] of steps) {
      const x = Math.max(0, Math.min(frame.width, frame.x(epoch)));
      parts.push(`L${x.toFixed(1)} ${y(level).toFixed(1)}V${y(nodes).toFixed(1)}`);
      level = nodes;
    }
    return `${parts.join("")}L${frame.width} ${y(level).toFixed(1)}V${y(0)}Z`;
  };
  svg.append(draw("line", { x1: 0, x2: frame.width, y1: y(0), y2: y(0), class: "use-base" }));
  if (wanted.length) svg.append(draw("path", { d: outline(wanted), class: "use-waiting" }));
  svg.append(draw("path", { d: outline(used), class: "use" }));
  if (limit !== null) {
    svg.append(draw("line", { x1: 0, x2: frame.width, y1: y(limit), y2: y(limit), class: "use-limit" }));
    svg.append(draw("text", { x: frame.width - 4, y: Math.max(top + 9, y(limit) + 11), "text-anchor": "end", class: "use-text" }, `max ${show(limit)} nodes`));
  } else svg.append(draw("text", { x: frame.width - 4, y: top + 9, "text-anchor": "end", class: "use-text" }, `up to ${show(most)} nodes in use, no limit known`));
}

function barAt(event, svg, rows, height, frame) {
  const box = svg.getBoundingClientRect();
  const x = ((event.clientX - box.left) * frame.width) / box.width;
  const row = rows[Math.floor((((event.clientY - box.top) * frame.width) / box.width - 1) / height)];
  if (!row) return null;
  const slack = (3 * (frame.to - frame.from)) / frame.width, epoch = frame.from + (x / frame.width) * (frame.to - frame.from);
  const fits = row.filter((bar) => bar.asked - slack <= epoch && Math.max(bar.end || 0, bar.asked) + slack >= epoch);
  const distance = (bar) => Math.max(bar.asked - epoch, epoch - Math.max(bar.end || 0, bar.asked), 0);
  return fits.length ? fits.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best)) : null;
}

function describeBar(bar) {
  const zone = ZONE_MODES[state.zone].of(bar.schedule);
  const { piece } = bar;
  return [
    bar.schedule.name,
    `${showWall(wallAt(zone, bar.asked))} ${showOffset(offsetAt(zone, bar.asked))}`,
    showUtc(bar.asked),
    bar.wait ? `waits ${showLength(bar.wait)} for nodes` : null,
    !piece.fits ? "never starts: asks for more nodes than the compute can have" : bar.end === null ? "length unknown" : `runs ${showLength(piece.length)}`,
    piece.nodes === null ? null : count(piece.nodes, "node"),
  ];
}

function timelineKey(lanes) {
  const any = (test) => lanes.some((lane) => lane.bars.some(test));
  const entry = (name, text) => make("li", {}, make("span", { class: `swatch ${name}` }), text);
  return make("ul", { class: "legend", "aria-label": "What the timeline shows" },
    any((bar) => bar.end !== null) ? entry("key-run", "a run (a colour a schedule)") : null,
    any((bar) => bar.wait > 0) ? entry("key-waiting", "waiting for nodes") : null,
    any((bar) => bar.end === null && bar.piece.fits) ? entry("key-unknown", "a run of unknown length") : null,
    any((bar) => !bar.piece.fits) ? entry("key-stuck", "a run that never starts: it asks for more nodes than there can be") : null,
    lanes.some((lane) => lane.used.length) ? [entry("key-use", "nodes in use, all schedules"), entry("key-limit", "most nodes of the compute")] : null,
    isFiltered() && any((bar) => !isShown(bar)) ? entry("key-muted", "runs that the filters leave out") : null);
}

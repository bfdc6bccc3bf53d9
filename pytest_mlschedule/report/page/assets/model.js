// The data of the page: runs decoded, wall clocks of zones, and counts under filters.
const report = JSON.parse(document.getElementById("data").textContent);
const [START, END] = report.window;
const UTC_ZONE = report.zones[0];

// The epochs of coded runs: [first, delta, count, ..., -k, times, ...]; a negative number repeats the last k pairs.
function decodeRuns(code) {
  if (!code.length) return new Float64Array(0);
  const pairs = [];
  for (let at = 1; at < code.length; at += 2) {
    if (code[at] > 0) {
      pairs.push(code[at], code[at + 1]);
      continue;
    }
    const piece = pairs.slice(2 * code[at]);
    for (let time = 0; time < code[at + 1]; time++) pairs.push(...piece);
  }
  let total = 1;
  for (let at = 1; at < pairs.length; at += 2) total += pairs[at];
  const epochs = new Float64Array(total);
  let epoch = (epochs[0] = code[0]), index = 1;
  for (let at = 0; at < pairs.length; at += 2) {
    for (let step = 0; step < pairs[at + 1]; step++) epochs[index++] = epoch += pairs[at];
  }
  return epochs;
}

// Seconds that each run waits: [skip, seconds, ...]; null where none does.
function decodeWaits(code, runs) {
  if (!code.length) return null;
  const waits = new Float64Array(runs);
  for (let at = 0, index = 0; at < code.length; at += 2, index++) waits[(index += code[at])] = code[at + 1];
  return waits;
}

const computes = report.computes.map((compute, index) => ({ ...compute, index }));

const schedules = report.schedules.map((schedule, index) => {
  const epochs = decodeRuns(schedule.runs);
  const pieces = schedule.pieces.map((piece) => ({ ...piece, waits: decodeWaits(piece.waits, epochs.length) }));
  const names = [...new Set(pieces.filter((piece) => piece.compute !== null).map((piece) => computes[piece.compute].name))];
  const words = [schedule.name, schedule.title, schedule.description, ...schedule.tags, ...names, schedule.starts, schedule.experiment, schedule.source];
  return {
    ...schedule,
    index,
    pieces,
    computes: names,
    epochs,
    text: words.join("\n").toLowerCase(),
    counted: 0,
  };
});
const TOTAL = schedules.reduce((sum, schedule) => sum + schedule.epochs.length, 0);

function firstIndex(values, least) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const segmentAt = (zone, epoch) => firstIndex(zone.instants, epoch + 1);
const offsetAt = (zone, epoch) => zone.offsets[segmentAt(zone, epoch)];
const wallAt = (zone, epoch) => epoch + offsetAt(zone, epoch);
const dayAt = (zone, epoch) => Math.floor(wallAt(zone, epoch) / DAY);

// The instant of a wall clock: the earliest that shows it; in a gap the first after it.
function instantAt(zone, wall) {
  const near = [wall - DAY, wall, wall + DAY].map((epoch) => wall - offsetAt(zone, epoch));
  const exact = near.filter((epoch) => wallAt(zone, epoch) === wall);
  if (exact.length) return Math.min(...exact);
  const later = near.filter((epoch) => wallAt(zone, epoch) > wall);
  return later.length ? Math.min(...later) : wall;
}

const dayStart = (zone, day) => instantAt(zone, day * DAY);

// The viewer's zone, found by asking the browser: its offset each day, and where it changes to the second.
function probeViewer() {
  const offset = (epoch) => -60 * new Date(epoch * 1000).getTimezoneOffset();
  const margin = 15 * DAY;
  const zone = { key: "your zone", instants: [], offsets: [offset(START - margin)] };
  for (let epoch = START - margin; epoch < END + margin; epoch += DAY) {
    const before = offset(epoch);
    if (offset(epoch + DAY) === before) continue;
    let low = epoch, high = epoch + DAY;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    zone.instants.push(high);
    zone.offsets.push(offset(high));
  }
  try {
    zone.key = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.key;
  } catch (_) { /* the name is all that is missing */ }
  return zone;
}

const VIEWER_ZONE = probeViewer();
const ZONE_MODES = {
  schedule: { label: "Schedule's", title: "each schedule in the time zone of its trigger", of: (schedule) => report.zones[schedule.zone] },
  utc: { label: "UTC", title: "everything in UTC", of: () => UTC_ZONE },
  viewer: { label: "Yours", title: `everything in your zone, ${VIEWER_ZONE.key}`, of: () => VIEWER_ZONE },
};

// For each run of a schedule its day and its hour of the week (0 to 167) on the clocks of a zone.
function readClocks(epochs, zone) {
  const days = new Int32Array(epochs.length), cells = new Uint8Array(epochs.length);
  let segment = 0, until = -Infinity, offset = 0;
  for (let index = 0; index < epochs.length; index++) {
    const epoch = epochs[index];
    if (epoch >= until) {
      segment = segmentAt(zone, epoch);
      offset = zone.offsets[segment];
      until = segment < zone.instants.length ? zone.instants[segment] : Infinity;
    }
    const wall = epoch + offset;
    const day = Math.floor(wall / DAY);
    days[index] = day;
    cells[index] = weekdayOf(day) * 24 + Math.floor((wall - day * DAY) / HOUR);
  }
  return { days, cells };
}

const clocks = {};
function clocksOf(mode) {
  clocks[mode] ||= schedules.map((schedule) => readClocks(schedule.epochs, ZONE_MODES[mode].of(schedule)));
  return clocks[mode];
}

// First and last day of the window on the clocks of a mode; schedules without runs count, too.
function daysOf(mode) {
  const zones = new Set(schedules.map(ZONE_MODES[mode].of));
  if (!zones.size) zones.add(UTC_ZONE);
  const first = Math.min(...[...zones].map((zone) => dayAt(zone, START)));
  const last = Math.max(...[...zones].map((zone) => dayAt(zone, Math.max(START, END - 1))));
  return { first, last };
}

// Counts under the filters of a state. A filter on days does not apply to the days, one on hours not to the hours: what
// could be chosen instead stays in sight. `schedules` that match the search are counted, of the others and days none.
function countRuns(state) {
  const { first, last } = daysOf(state.zone);
  const days = new Int32Array(last - first + 1), cells = new Int32Array(168);
  const allClocks = clocksOf(state.zone);
  const { day, cell, chosen, query } = state;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  let runs = 0;
  for (const schedule of schedules) {
    schedule.matches = words.every((word) => schedule.text.includes(word));
    schedule.counted = 0;
    if (!schedule.matches) continue;
    const { days: ofDay, cells: ofCell } = allClocks[schedule.index];
    const counts = chosen === null || chosen === schedule.index;
    for (let index = 0; index < ofDay.length; index++) {
      const fitsDay = day === null || ofDay[index] === day;
      const fitsCell = cell === null || ofCell[index] === cell;
      if (fitsDay && fitsCell) schedule.counted++;
      if (!counts) continue;
      if (fitsCell) days[ofDay[index] - first]++;
      if (fitsDay) cells[ofCell[index]]++;
    }
    if (counts) runs += schedule.counted;
  }
  const narrow = day !== null || cell !== null;
  for (const schedule of schedules) {
    schedule.listed = schedule.matches && (!narrow || schedule.counted > 0);
    schedule.visible = schedule.listed && (chosen === null || chosen === schedule.index);
  }
  return { first, last, days, cells, runs };
}

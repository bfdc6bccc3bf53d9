// Numbers, lengths, dates and times as texts. Days are numbers of days since 1970-01-01, Monday is weekday 0.
const MINUTE = 60, HOUR = 3600, DAY = 86400, WEEK = 7 * DAY;
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const pad = (number) => String(number).padStart(2, "0");
const show = (number) => number.toLocaleString("en-US");
const count = (number, noun) => `${show(number)} ${noun}${number === 1 ? "" : "s"}`;
const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;
const shortDay = (weekday) => WEEKDAYS[weekday].slice(0, 3);
const shortMonth = (month) => MONTHS[month].slice(0, 3);

function dateOf(day) {
  const date = new Date(day * DAY * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
}

const isoDay = (day) => new Date(day * DAY * 1000).toISOString().slice(0, 10);

function readDay(text) {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(time) ? null : time / 1000 / DAY;
}

// "Sun 8 Mar 2026"
function showDay(day) {
  const { year, month, date } = dateOf(day);
  return `${shortDay(weekdayOf(day))} ${date} ${shortMonth(month)} ${year}`;
}

function showLongDay(day) {
  const { year, month, date } = dateOf(day);
  return `${WEEKDAYS[weekdayOf(day)]} ${date} ${MONTHS[month]} ${year}`;
}

// "07:05", the time of day of wall seconds; with seconds where there are any.
function showClock(wall) {
  const second = ((wall % DAY) + DAY) % DAY;
  const rest = second % MINUTE;
  return `${pad(Math.floor(second / HOUR))}:${pad(Math.floor((second % HOUR) / MINUTE))}${rest ? `:${pad(rest)}` : ""}`;
}

const showWall = (wall) => `${showDay(Math.floor(wall / DAY))} ${showClock(wall)}`;
const showUtc = (epoch) => `${new Date(epoch * 1000).toISOString().slice(0, 19)}Z`;

// "-08:00"
function showOffset(offset) {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  return `${offset < 0 ? "−" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

// "1 h 05 min", "45 min", "30 s"
function showLength(seconds) {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60), rest = minutes % 60;
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return rest ? `${hours} h ${pad(rest)} min` : `${hours} h`;
}

// What fits a cell: 950, 1.2k, 13k
function showShort(number) {
  if (number < 1000) return String(number);
  const thousands = number / 1000;
  return thousands < 10 ? `${Math.floor(thousands * 10) / 10}k` : thousands < 1000 ? `${Math.floor(thousands)}k` : `${Math.floor(thousands / 100) / 10}M`;
}

const showHour = (hour) => `${pad(hour)}:00 to ${pad((hour + 1) % 24)}:00`;

// The calendar: one table a month, one cell a day.
const MOST_MONTHS = 13;
let calendarDays = new Map(), calendarKey = "", calendarPage = 0;

const monthOf = (day) => { const { year, month } = dateOf(day); return year * 12 + month; };
const firstOfMonth = (number) => Math.round(Date.UTC(Math.floor(number / 12), number % 12, 1) / 1000 / DAY);

function makeMonth(number, counts) {
  const start = firstOfMonth(number), stop = firstOfMonth(number + 1);
  const rows = [];
  for (let monday = start - weekdayOf(start); monday < stop; monday += 7) {
    if (Math.min(monday + 6, stop - 1) < counts.first || Math.max(monday, start) > counts.last) continue;
    const cells = [];
    for (let day = monday; day < monday + 7; day++) cells.push(makeDay(day, day >= start && day < stop, counts));
    rows.push(make("tr", {}, cells));
  }
  const title = `${MONTHS[number % 12]} ${Math.floor(number / 12)}`;
  const id = `month-${number}`;
  return make("div", { class: "month" }, make("h3", { id }, title), make("table", { role: "grid", "aria-labelledby": id, class: "days" },
    make("thead", {}, make("tr", {}, WEEKDAYS.map((name) => make("th", { scope: "col", abbr: name }, name.slice(0, 2))))),
    make("tbody", {}, rows)));
}

function makeDay(day, inMonth, counts) {
  if (!inMonth) return make("td", { class: "blank" });
  const date = make("span", { class: "day-date" }, String(dateOf(day).date));
  if (day < counts.first || day > counts.last) return make("td", { class: "outside" }, date);
  const number = make("span", { class: "day-count" });
  const mark = make("span", { class: "day-mark" });
  const element = make("td", { tabindex: "-1", "data-day": isoDay(day), class: "day" }, date, mark, number);
  calendarDays.set(day, { element, number, mark });
  return element;
}

function buildCalendar(counts) {
  calendarDays = new Map();
  const first = monthOf(counts.first), last = monthOf(counts.last);
  const pages = last - first + 1 > MOST_MONTHS ? Math.ceil((last - first + 1) / 12) : 1;
  calendarPage = Math.min(calendarPage, pages - 1);
  const from = first + 12 * calendarPage, to = pages === 1 ? last : Math.min(last, from + 11);
  const months = [];
  for (let number = from; number <= to; number++) months.push(makeMonth(number, counts));
  const grid = make("div", { class: months.length === 2 || months.length === 4 ? "months two" : "months", id: "months" }, months);
  grid.addEventListener("click", (event) => chooseDay(event.target.closest(".day")));
  grid.addEventListener("keydown", moveInCalendar);
  followCells(grid, (element) => describeDay(readDay(element.dataset.day)).concat("Enter or click: this day alone"));
  fill("calendar", grid, make("div", { id: "calendar-legend" }));
  const turn = (step) => make("button", { type: "button", class: "quiet", disabled: calendarPage + step < 0 || calendarPage + step >= pages, onclick: () => { calendarPage += step; calendarKey = ""; redraw(); } }, step < 0 ? "Earlier" : "Later");
  fill("calendar-tools", ...(pages > 1 ? [turn(-1), make("span", {}, `${MONTHS[from % 12]} ${Math.floor(from / 12)} to ${MONTHS[to % 12]} ${Math.floor(to / 12)}`), turn(1)] : []));
}

function pageOfDay(day, counts) {
  return Math.max(0, Math.floor((monthOf(day) - monthOf(counts.first)) / 12));
}

function chooseDay(element) {
  if (!element) return;
  const day = readDay(element.dataset.day);
  rove(find("months"), element);
  change(state.day === day ? { day: null } : { day, from: day });
}

function moveInCalendar(event) {
  const element = event.target.closest(".day");
  if (!element) return;
  const day = readDay(element.dataset.day);
  const shown = [...calendarDays.keys()];
  const weekday = weekdayOf(day);
  const to = { ArrowLeft: day - 1, ArrowRight: day + 1, ArrowUp: day - 7, ArrowDown: day + 7, Home: day - weekday, End: day + 6 - weekday, PageUp: day - 28, PageDown: day + 28 }[event.key];
  if (event.key === "Enter" || event.key === " ") chooseDay(element);
  else if (to === undefined) return;
  else rove(find("months"), calendarDays.get(Math.max(shown[0], Math.min(shown[shown.length - 1], to))).element);
  event.preventDefault();
}

function describeDay(day) {
  const { element } = calendarDays.get(day);
  return [showLongDay(day), count(Number(element.dataset.count), "run"), ...changesOn(day).map(describeMark)];
}

function showCalendar(counts) {
  if (state.day !== null && counts.last - counts.first > 400) {
    const page = pageOfDay(state.day, counts);
    if (page !== calendarPage && showCalendar.day !== state.day) { calendarPage = page; calendarKey = ""; }
  }
  showCalendar.day = state.day;
  const key = `${state.zone} ${calendarPage}`;
  if (key !== calendarKey) buildCalendar(counts);
  calendarKey = key;
  const scale = scaleOf(counts.days);
  let current = null;
  for (const [day, { element, number, mark }] of calendarDays) {
    const marks = changesOn(day);
    const amount = counts.days[day - counts.first];
    element.dataset.count = String(amount);
    element.className = `day heat-${stepOf(amount, scale)}${marks.length ? " marked" : ""}`;
    element.setAttribute("aria-selected", String(day === state.day));
    mark.textContent = marks.length ? markText(marks) : "";
    number.textContent = amount ? showShort(amount) : "";
    number.classList.toggle("long", number.textContent.length > 3);
    element.setAttribute("aria-label", describeDay(day).join(", "));
    if (element.tabIndex === 0 || day === state.day) current = element;
  }
  const first = calendarDays.values().next().value;
  if (first) rove(find("months"), current || first.element, { focus: false });
  fill("calendar-legend", makeLegend(scale));
}

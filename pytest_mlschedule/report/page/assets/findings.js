// The table of findings, with filters of its own.
const SEVERITIES = ["error", "warning", "note"];
const MOST_FINDINGS = 100;
const wanted = { severities: new Set(SEVERITIES), code: "", query: "" };
let allFindings = false, codeSelect, findingsFound;

// What is about the schedules that the filters of the page leave.
function findingsShown() {
  if (!isFiltered()) return report.findings;
  return report.findings.filter((item) => item.about.some((index) => schedules[index].visible));
}

function makeFindings() {
  const counts = (severity) => report.findings.filter((item) => item.severity === severity).length;
  const levels = make("div", { class: "choice", role: "group", "aria-label": "Severities" }, SEVERITIES.filter(counts).map((severity) => make("button", {
    type: "button", "aria-pressed": "true", "data-value": severity,
    onclick: (event) => {
      if (!wanted.severities.delete(severity)) wanted.severities.add(severity);
      event.currentTarget.setAttribute("aria-pressed", String(wanted.severities.has(severity)));
      showFindings();
    },
  }, `${severity}s ${show(counts(severity))}`)));
  const codes = [...new Map(report.findings.map((item) => [item.code, item.rule]))].sort(([a], [b]) => (a < b ? -1 : 1));
  codeSelect = make("select", { "aria-label": "Rule", onchange: () => { wanted.code = codeSelect.value; showFindings(); } }, make("option", { value: "" }, "all rules"), codes.map(([code, rule]) => make("option", { value: code }, `${code} ${rule}`)));
  const search = make("input", { type: "search", placeholder: "Search findings", "aria-label": "Search findings by text or file", oninput: () => { wanted.query = search.value.toLowerCase(); showFindings(); } });
  findingsFound = make("span", { class: "found", role: "status", "aria-live": "polite", id: "findings-found" });
  if (report.findings.length) fill("findings-tools", levels, codeSelect, search, findingsFound);
}

function showFindings() {
  const about = findingsShown();
  const items = about.filter((item) => wanted.severities.has(item.severity) && (!wanted.code || item.code === wanted.code)
    && (!wanted.query || `${item.code} ${item.rule} ${item.message} ${item.hint} ${item.path}`.toLowerCase().includes(wanted.query)));
  if (findingsFound) findingsFound.textContent = `${show(items.length)} of ${show(report.findings.length)}`;
  const out = report.findings_left_out ? make("p", { class: "card-note" }, `${show(report.findings_left_out)} more ${report.findings_left_out === 1 ? "is" : "are"} left out by comments in files or by the baseline.`) : null;
  if (!items.length) return fill("findings", make("p", { class: "nothing" }, report.findings.length ? "No finding fits." : "Nothing was found."), out);
  const shown = allFindings ? items : items.slice(0, MOST_FINDINGS);
  const rows = shown.map((item) => make("tr", { "data-code": item.code },
    make("td", {}, make("span", { class: `badge ${item.severity}` }, item.severity)),
    rowHead([make("span", { class: "code" }, item.code), make("div", { class: "soft" }, item.rule)], { class: "nowrap" }),
    make("td", { class: "message" }, item.message, item.hint ? make("div", { class: "soft" }, item.hint) : null),
    make("td", { class: "place" }, item.path ? `${item.path}:${item.line}:${item.column}` : "")));
  const columns = ["Severity", "Rule", "What is wrong, and the way out", "Place"].map((name) => ({ name }));
  const more = items.length - shown.length;
  return fill("findings", scrollBox("Table of findings", makeTable(columns, rows, { caption: "Findings", name: "stack" })),
    more > 0 ? make("button", { type: "button", class: "quiet more", onclick: () => { allFindings = true; showFindings(); } }, `Show all ${show(items.length)} findings`) : null, out);
}

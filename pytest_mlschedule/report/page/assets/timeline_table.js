// What the timeline shows, as tables.
const MOST_ROWS = 500;

function timelineTable(lanes, frame) {
  const body = make("div", {});
  const details = make("details", { class: "as-table", ontoggle: () => { if (details.open && !body.children.length) fillTables(); } }, make("summary", {}, "The same as a table"), body);
  function fillTables() {
    const rows = lanes.map(({ compute, summary }) => make("tr", {},
      rowHead(compute ? compute.name : "not known"), numberCell(show(summary.runs)),
      numberCell(summary.peak ? show(summary.peak.nodes) : "unknown"), numberCell(summary.most === null ? "unknown" : show(summary.most)),
      cell(summary.peak ? showWall(wallAt(frame.zone, summary.peak.epoch)) : ""), numberCell(show(summary.waited)),
      numberCell(summary.waited ? showLength(summary.longest) : ""), numberCell(show(summary.unknown))));
    const columns = [{ name: "Compute" }, { name: "Runs", number: true }, { name: "Peak nodes", number: true }, { name: "Most nodes", number: true }, { name: "Peak at" }, { name: "Waited", number: true }, { name: "Longest wait", number: true }, { name: "Length unknown", number: true }];
    body.append(scrollBox("Computes in this span", makeTable(columns, rows, { caption: "Computes in this span" })), ...runTable(lanes, frame));
  }
  return details;
}

function runTable(lanes, frame) {
  const bars = lanes.flatMap((lane) => lane.bars.map((bar) => ({ bar, compute: lane.compute }))).filter(({ bar }) => isShown(bar) && bar.asked >= frame.from).sort((a, b) => a.bar.asked - b.bar.asked);
  const rows = bars.slice(0, MOST_ROWS).map(({ bar, compute }) => make("tr", {},
    rowHead(showWall(wallAt(frame.zone, bar.asked)), { class: "nowrap" }), cell(bar.schedule.name), cell(compute ? compute.name : "not known"),
    numberCell(bar.wait ? showLength(bar.wait) : ""), numberCell(!bar.piece.fits ? "never starts" : bar.piece.length === null ? "unknown" : showLength(bar.piece.length)), numberCell(bar.piece.nodes === null ? "unknown" : show(bar.piece.nodes)), cell(showUtc(bar.asked), { class: "nowrap" })));
  const columns = [{ name: `Start (${frame.zone.key})` }, { name: "Schedule" }, { name: "Compute" }, { name: "Waits", number: true }, { name: "Runs for", number: true }, { name: "Nodes", number: true }, { name: "UTC" }];
  const more = bars.length - rows.length;
  return [scrollBox("Runs in this span", makeTable(columns, rows, { caption: "Runs in this span" })),
    more > 0 ? make("p", { class: "card-note" }, `And ${show(more)} more: choose a schedule or a day to see them.`) : ""];
}

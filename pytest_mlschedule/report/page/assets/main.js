// Everything together: draw once, then again whenever something else is chosen.
function redraw() {
  tip.hide();
  const counts = countRuns(state);
  showBar(counts);
  showSide();
  showTiles(counts);
  showDetail();
  showCalendar(counts);
  showHours(counts);
  showTimeline();
  showCost();
  showChanges();
  showFindings();
}

function start() {
  find("app").hidden = false;
  followAddress((changes) => {
    // Paging through the timeline changes nothing else.
    if (Object.keys(changes).every((key) => key === "from" || key === "span")) showTimeline();
    else redraw();
  });
  showFacts();
  showBanner();
  makeBar();
  makeSide();
  makeTimeline();
  makeFindings();
  redraw();
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); find("main").focus(); });
  addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hide(); });
  // Printed are all schedules, costs and findings, whatever was unfolded.
  addEventListener("beforeprint", () => {
    allCosts = allFindings = true;
    redraw();
    for (const details of document.querySelectorAll("details:not(.as-table)")) details.open = true;
  });
  document.documentElement.dataset.ready = "true";
}

start();

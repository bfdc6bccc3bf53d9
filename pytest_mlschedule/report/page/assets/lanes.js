// Runs on a compute in a span of time: what they occupy, in which row they are drawn, how many nodes are in use.
for (const schedule of schedules) {
  for (const piece of schedule.pieces) piece.reach = piece.offset + (piece.length || 0) + (piece.waits ? piece.waits.reduce((most, wait) => Math.max(most, wait), 0) : 0);
}

// The bars of all schedules between two instants, by compute (null: not known), in time order.
function collectBars(from, to) {
  const lanes = new Map();
  for (const schedule of schedules) {
    for (const piece of schedule.pieces) {
      const { epochs } = schedule;
      for (let index = firstIndex(epochs, from - piece.reach); index < epochs.length && epochs[index] + piece.offset < to; index++) {
        const wait = piece.waits ? piece.waits[index] : 0;
        const asked = epochs[index] + piece.offset, start = asked + wait;
        const end = piece.length === null || !piece.fits ? null : start + piece.length;
        if ((end === null ? asked : end) < from) continue;
        if (!lanes.has(piece.compute)) lanes.set(piece.compute, []);
        lanes.get(piece.compute).push({ asked, start, end, wait, schedule, piece, index });
      }
    }
  }
  for (const bars of lanes.values()) bars.sort((a, b) => a.asked - b.asked || a.schedule.index - b.schedule.index);
  return lanes;
}

// Rows of bars that do not overlap, each in the first row that is free; `least`: seconds that a bar takes at the least.
function packBars(bars, least) {
  const rows = [], free = [];
  for (const bar of bars) {
    const end = Math.max(bar.end === null ? 0 : bar.end, bar.asked + (bar.end === null ? 4 * least : least));
    let row = 0;
    while (row < free.length && free[row] > bar.asked) row++;
    if (row === rows.length) rows.push([]);
    free[row] = end;
    rows[row].push(bar);
  }
  return rows;
}

// Nodes in use as steps [epoch, nodes] and the most; nodes that are asked for and not there yet in `waiting`.
function countNodes(bars) {
  const events = [], queue = [];
  for (const { asked, start, end, piece } of bars) {
    if (end === null || piece.nodes === null) continue;
    events.push([start, piece.nodes], [end, -piece.nodes]);
    if (start > asked) queue.push([asked, piece.nodes], [start, -piece.nodes]);
  }
  return { used: addUp(events), wanted: queue.length ? addUp([...events, ...queue]) : [] };
}

function addUp(events) {
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const steps = [];
  let nodes = 0;
  for (const [epoch, more] of events) {
    nodes += more;
    if (steps.length && steps[steps.length - 1][0] === epoch) steps[steps.length - 1][1] = nodes;
    else steps.push([epoch, nodes]);
  }
  return steps;
}

// What there is to say about a lane between two instants.
function summarize(bars, used, compute, from, to) {
  const inside = bars.filter((bar) => bar.asked >= from);
  const stuck = inside.filter((bar) => !bar.piece.fits).length;
  const unknown = inside.filter((bar) => bar.piece.fits && (bar.end === null || bar.piece.nodes === null)).length;
  const waits = inside.filter((bar) => bar.wait > 0);
  let peak = null;
  used.forEach((step, at) => {
    const until = at + 1 < used.length ? used[at + 1][0] : Infinity;
    if (until > from && step[0] < to && step[1] > (peak ? peak.nodes : 0)) peak = { epoch: Math.max(from, step[0]), nodes: step[1] };
  });
  return { runs: inside.length, unknown, stuck, waited: waits.length, longest: Math.max(0, ...waits.map((bar) => bar.wait)), peak, most: compute ? compute.max_nodes : null };
}

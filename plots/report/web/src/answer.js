// The caps that the page carries: those of every cell and reading at every stop of the two
// sliders, found by the program. Nothing is estimated here.

// capAt returns the cap of a curve at a stop of tolerance and one of confidence.
export function capAt(data, curve, tolerance, confidence) {
  const i = confidence * data.tolerances.length + tolerance;
  const at = curve.at[i];
  return {
    status: data.statuses[curve.status[i]],
    cap: curve.caps[at],
    fails: curve.fails[at],
    leaves: curve.leaves[at],
    upper: curve.capUpper[i],
    binding: data.causes[curve.binding[i]],
    shortest: curve.shortest,
    shortestFails: curve.shortestFails,
  };
}

// nearest returns the place of the cell whose levels are those asked for, by column; where
// there is none, of one that has the level just picked and as many others as any.
export function nearest(cells, levels, picked) {
  let best = 0, most = -1;
  cells.forEach((cell, i) => {
    let alike = 0;
    cell.levels.forEach((level, k) => {
      if (level === levels[k]) alike += k === picked ? levels.length + 1 : 1;
    });
    if (alike > most) [best, most] = [i, alike];
  });
  return best;
}

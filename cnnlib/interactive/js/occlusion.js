// Which patch of an image does an answer depend on? Cover each in turn, and see how far its
// probability falls (Zeiler and Fergus 2014).

// Rows and columns of the patch.
const COVER = 5;

// The image with a dark patch around a pixel, or null where all of the patch is dark already.
function covered(image, side, row, column) {
  const reach = (COVER - 1) / 2;
  const within = (at) => Math.min(Math.max(at, 0), side);
  const copy = image.slice();
  let changes = false;
  for (let i = within(row - reach); i < within(row + reach + 1); i++) {
    for (let j = within(column - reach); j < within(column + reach + 1); j++) {
      changes ||= copy[i * side + j] !== 0;
      copy[i * side + j] = 0;
    }
  }
  return changes ? copy : null;
}

// The ten probabilities with the patch around each pixel of a row covered: null as above.
function chancesOfRow(network, image, row) {
  const { side } = network[0];
  return Array.from({ length: side }, (_, column) => {
    const without = covered(image, side, row, column);
    return without && softmax(runNetwork(network, without));
  });
}

// Covers an image patch by patch, a few rows each time that the screen is drawn, and calls
// show(chances) after each; returns what stops it.
function coverAll(network, image, show) {
  const chances = [];
  let waiting = requestAnimationFrame(some);
  function some() {
    // In milliseconds: the page stays awake.
    const end = performance.now() + 10;
    do chances.push(...chancesOfRow(network, image, chances.length / network[0].side));
    while (chances.length < image.length && performance.now() < end);
    show(chances);
    if (chances.length < image.length) waiting = requestAnimationFrame(some);
  }
  return () => cancelAnimationFrame(waiting);
}

// The board that shows how far the answer's probability falls, and what it says of a pixel.
function occlusionBoard(layers, weights) {
  // A network of its own: the maps beside it stay as they are.
  const network = buildNetwork(layers, weights, 32);
  const { side } = network[0];
  const falls = shadedCells(side, side, "output");
  const title = say`its fall, ${COVER}×${COVER} covered`;
  const choose = (row, column) => {
    if (state.chances.length < side * side) return;
    state.pixel = [row, column];
    mark();
  };
  const map = cellMap({
    title,
    role: "output",
    rows: side,
    columns: side,
    picture: falls.picture,
    choose,
  });
  const text = make("p", { class: "covered", "aria-live": "polite" });
  const state = { chances: [], before: [], pixel: null };

  function mark() {
    const { chances, before, pixel } = state;
    const best = surest(before);
    map.show(
      pixel,
      say`how far the probability of ${best} falls with a patch around each pixel covered`,
    );
    const [row, column] = pixel ?? [0, 0];
    const after = chances[row * side + column];
    const where = say`With ${COVER}×${COVER} pixels around row ${row}, column ${column} dark`;
    const says = after && surest(after);
    if (!pixel) text.textContent = "";
    else if (!after) text.textContent = say`${where}, nothing changes: they are dark already.`;
    else {
      const change = say`the probability of ${best} goes from ${percent(before[best])} to ${percent(after[best])}`;
      text.textContent = say`${where}, ${change}: LeNet reads ${says}.`;
    }
  }

  // Look at another image, whose answer has these probabilities; without one, at none.
  function look(image, before) {
    state.stop?.();
    Object.assign(state, { chances: [], before: before ?? [], pixel: null });
    falls.show(new Float32Array(side * side));
    text.textContent = "";
    map.node.toggleAttribute("data-whole", false);
    if (!before) return;
    const best = surest(before);
    const fall = (after) => (after ? before[best] - after[best] : 0);
    state.stop = coverAll(network, image, (chances) => {
      state.chances = chances;
      const found = chances.map(fall);
      falls.show(Float32Array.from({ length: side * side }, (_, at) => found[at] ?? NaN));
      if (found.length < side * side) return;
      const worst = found.indexOf(Math.max(...found));
      state.pixel = [Math.floor(worst / side), worst % side];
      mark();
      map.node.toggleAttribute("data-whole", true);
    });
  }
  return { node: map.node, text, look, stop: () => state.stop?.() };
}

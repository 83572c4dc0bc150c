// What made one unit: which patches, times which kernels, plus what?

const percent = (share) => `${(100 * share).toFixed(1)} %`;

// "0.12 − 3.4 + 0.5": numbers added up.
function added(terms) {
  const signed = (term) => (term < 0 ? " − " : " + ") + number(Math.abs(term));
  return number(terms[0]) + terms.slice(1).map(signed).join("");
}

// A unit's arithmetic in a sentence or two; `chance` is what softmax makes of it.
function accountText(
  { name, pool, activation },
  [row, column, map],
  { parts, bias, value },
  chance,
) {
  const unit = say`${name}, map ${map}, row ${row}, column ${column}`;
  const [first] = parts;
  if (pool) {
    const window = first.patch.map((each) => number(each)).join(", ");
    return say`${unit}: the largest of ${window} is ${number(value)}.`;
  }
  const sums = parts.map((part) => part.sum);
  const total = sum(sums) + bias;
  const terms = first.patch.length > 1 ? sums : [sum(sums)];
  const relu = say`ReLU: max(${number(total)}, 0) = ${number(value)}.`;
  const last = activation === "relu" ? relu : say`Softmax makes it ${percent(chance)}.`;
  return say`${unit}: ${added([...terms, bias])} = ${number(total)}, the last term being the bias. ${last}`;
}

// Parts of 1×1 in one: their values side by side, their weights too.
function together(parts) {
  const all = (name) => parts.map((part) => part[name][0]);
  return {
    map: null,
    patch: all("patch"),
    kernel: all("kernel"),
    sum: sum(parts.map((part) => part.sum)),
  };
}

// Pictures of what made a unit: patch × kernel = sum, for each map of the layer before. show(why)
// fills them, again and again as the numbers change.
function accountPictures({ parts, size }, before) {
  const single = size === 1;
  const drawn = single ? ({ parts: all }) => [together(all)] : ({ parts: all }) => all;
  const rows = single ? divisorNear(parts.length) : size;
  const pictures = drawn({ parts }).map((part) => partPicture(part, rows, before, single));
  const show = (why) => drawn(why).forEach((part, at) => pictures[at].show(part));
  return { nodes: pictures.map(({ node }) => node), show };
}

function partPicture({ map, patch, kernel }, rows, before, single) {
  const columns = patch.length / rows;
  const one = before === "input" ? say`input` : before;
  const source = single || before === "input" ? one : say`${before}, map ${map}`;
  const values = numbersPicture(rows, columns, source, "input");
  if (!kernel)
    return {
      node: make("div", { class: "part" }, values.node),
      show: (part) => values.show(part.patch),
    };
  const weights = numbersPicture(rows, columns, single ? say`weights` : say`kernel`, "kernel");
  const total = make("span");
  const sign = (text) => make("span", { class: "sign", "aria-hidden": true }, text);
  const show = (part) => {
    values.show(part.patch);
    weights.show(part.kernel);
    total.textContent = number(part.sum);
  };
  return {
    node: make("div", { class: "part" }, values.node, sign("×"), weights.node, sign("="), total),
    show,
  };
}

function numbersPicture(rows, columns, title, role) {
  const { picture, show: shade } = shadedCells(rows, columns, role);
  const board = cellMap({ title, role, rows, columns, picture, side: 64 });
  const show = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => number(value));
    board.show(null, say`${title}: ${values.length} numbers from ${low} to ${high}`);
    shade(values);
  };
  return { node: board.node, show };
}

// The largest divisor that is no more than the square root: rows of an even rectangle.
function divisorNear(count) {
  let rows = Math.floor(Math.sqrt(count));
  while (count % rows) rows -= 1;
  return rows;
}

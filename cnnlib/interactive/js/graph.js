// Where do the boxes and edges of a graph stand, from left to right or from the top down?

// Pixels: a line of text, what is free in a box, between rows, and between columns.
const LINE = 18;
const PAD = 14;
const BETWEEN = 18;
const GAP = 30;

// Where each thing of these lengths begins, and where the last one ends; gaps stand before them.
function along(lengths, gaps) {
  let end = 0;
  const starts = lengths.map((length, i) => {
    const start = end + (i && gaps[i]);
    end = start + length;
    return start;
  });
  return { starts, end };
}

// Boxes { name, size: [width, height], label } with the routes of their edges, in a graph that runs
// across (way 0) or down (way 1). A label is how wide the longest text on an edge to a box is.
function placed(boxes, routes, way) {
  const named = new Map(boxes.map((box) => [box.name, box]));
  const places = Object.values(routes).flat(2);
  const [columns, rows] = [0, 1].map((side) => 1 + Math.max(...places.map((place) => place[side])));
  const [depths, widths] = [columns, rows].map((count) => Array(count).fill(0));
  const gaps = Array(columns).fill(way ? 2.4 * LINE : GAP);
  for (const { name, size, label } of boxes) {
    const [column, row] = routes[name][0].at(-1);
    depths[column] = Math.max(depths[column], size[way]);
    widths[row] = Math.max(widths[row], size[1 - way]);
    if (!way) gaps[column] = Math.max(gaps[column], label + GAP);
  }
  const down = along(depths, gaps);
  const beside = along(widths, Array(rows).fill(BETWEEN));
  const turn = (x, y) => (way ? [y, x] : [x, y]);
  const middle = ([column, row]) => [
    down.starts[column] + depths[column] / 2,
    beside.starts[row] + widths[row] / 2,
  ];

  // The corners of the edge on which operand i comes to a box, and where its text stands.
  function edge(name, operands, i) {
    const route = routes[name][i];
    const half = (box) => named.get(box).size[way] / 2;
    const room = 0.7 * named.get(name).size[1 - way];
    const spread = Math.min(26, room / operands.length) * (i - (operands.length - 1) / 2);
    const [first, last] = [middle(route[0]), middle(route.at(-1))];
    const corners = [
      [first[0] + half(operands[i]), first[1]],
      ...route.slice(1, -1).flatMap((place) => {
        const [x, y] = middle(place);
        return [-0.5, 0.5].map((side) => [x + side * depths[place[0]], y]);
      }),
      [last[0] - half(name), last[1] + spread],
    ];
    // Texts of one operand that comes twice would lie beside each other: one stands back.
    const far = way && operands.indexOf(operands[i]) < i ? 0.25 : 0.6;
    const [from, to] = corners.slice(-2);
    const near = [0, 1].map((side) => from[side] + far * (to[side] - from[side]));
    return { corners: corners.map((corner) => turn(...corner)), near: turn(...near) };
  }

  const centre = (name) => turn(...middle(routes[name][0].at(-1)));
  return { size: turn(down.end, beside.end), centre, edge };
}

// A line through these corners with an arrowhead at its end.
function arrowLine(corners, attributes) {
  const [tail, tip] = corners.slice(-2);
  const angle = Math.atan2(tip[1] - tail[1], tip[0] - tail[0]);
  const wing = (by) => [tip[0] - 9 * Math.cos(angle + by), tip[1] - 9 * Math.sin(angle + by)];
  const head = [tip, wing(0.4), wing(-0.4)].join(" ");
  const line = make("svg:polyline", { points: corners.join(" ") });
  return make("svg:g", attributes, line, make("svg:polygon", { points: head }));
}

function textAt([x, y], text, kind) {
  return make("svg:text", { x, y, dy: "0.35em", class: kind }, text);
}

// Figure 1: how does each number of a convolution's output come about?

// Milliseconds from one step to the next.
const PAUSE = 700;

function sizeText(values) {
  const [rows, columns] = [values[0].length, values[0][0].length];
  return rows === columns ? String(rows) : `${rows}×${columns}`;
}

function drawStepper(card, options) {
  const state = { ...structuredClone(options), row: 0, col: 0, seen: new Set(), timer: null };
  const stage = make("div", { class: "stage" });
  let view = null;

  const form = settings((changed) => {
    const field = (kind, name, label, value, called) =>
      kind({ name, label, called, value, maximum: options.largest[name], changed });
    return [
      field(pairField, "size", say`image`, sizeText(options.image)),
      field(pairField, "kernel_size", say`kernel`, sizeText(options.kernel)),
      field(numberField, "strides", say`stride`, options.strides),
      field(paddingField, "padding", say`padding`, options.padding),
      field(numberField, "dilation_rate", say`dilation`, options.dilation_rate),
      field(numberField, "channels", say`channels`, options.image.length, say`channels`),
    ];
  }, apply);

  function apply({
    size,
    kernel_size: kernelSize,
    strides,
    padding,
    dilation_rate: dilation,
    channels,
  }) {
    const axes = [0, 1].map((i) => axisOf(size[i], kernelSize[i], strides, padding, dilation));
    checkFit(...axes);
    stop();
    Object.assign(state, { axes, row: 0, col: 0, seen: new Set(["0,0"]) });
    state.image = refit(state.image, ...size, channels);
    state.kernel = refit(state.kernel, ...kernelSize, channels);
    build();
  }

  function edited(values, name) {
    return (i, j, text) =>
      form.attempt(() => {
        values[i][j] = real(text, name(i, j));
        update();
      });
  }

  const inChannel = (what, c) => (state.image.length > 1 ? say`${what}, channel ${c + 1}` : what);
  const place = (what, c) => (i, j) => inChannel(say`${what} row ${i + 1}, column ${j + 1}`, c);

  function imageGrid(channel, c) {
    const [down, across] = state.axes;
    const [top, left] = [down.zeros[0], across.zeros[0]];
    const inside = (i, j) => channel[i - top]?.[j - left] !== undefined;
    const name = (i, j) => place(say`pixel`, c)(i - top, j - left);
    const change = edited(channel, place(say`pixel`, c));
    const board = grid({
      title: inChannel(say`image`, c),
      role: "input",
      rows: down.padded,
      columns: across.padded,
      name,
      edit: (i, j, text) => change(i - top, j - left, text),
      editable: inside,
    });
    board.mark("padding", (i, j) => !inside(i, j));
    const cell = (length) => length / (board.board.clientWidth / across.padded);
    const nearest = (at, axis) =>
      Math.min(axis.count - 1, Math.max(0, Math.round(at / axis.stride)));
    const body = frame("body");
    body.place(top, left, down.size, across.size);
    const handle = frame("handle", "div", {
      role: "application",
      tabindex: 0,
      "aria-roledescription": say`movable kernel`,
    });
    board.board.append(body.node, handle.node);
    dragged(
      handle.node,
      {
        grip: (y, x) => [cell(y) - state.row * down.stride, cell(x) - state.col * across.stride],
        drag: (y, x, grip) =>
          moveTo(nearest(cell(y) - grip[0], down), nearest(cell(x) - grip[1], across)),
        press: (y, x) => board.cells[Math.floor(cell(y))]?.[Math.floor(cell(x))]?.touch?.focus(),
      },
      board.board,
    );
    handle.node.addEventListener("keydown", (event) => {
      const [rows, columns] = arrow(event);
      if (!(rows || columns)) return;
      event.preventDefault();
      moveTo(state.row + rows, state.col + columns);
    });
    const draw = () => {
      board.show(table(down.padded, across.padded, (i, j) => channel[i - top]?.[j - left] ?? 0));
      handle.place(state.row * down.stride, state.col * across.stride, down.extent, across.extent);
      const where = say`row ${state.row + 1}, column ${state.col + 1} of the output`;
      handle.node.setAttribute("aria-label", say`kernel at ${where}; arrow keys move it`);
      const spread = down.dilation > 1;
      board.mark(
        "tap",
        (i, j) => spread && tapped(down, i, state.row) && tapped(across, j, state.col),
      );
    };
    return { ...board, draw };
  }

  function tapped(axis, cell, window) {
    const offset = cell - window * axis.stride;
    return offset >= 0 && offset < axis.extent && offset % axis.dilation === 0;
  }

  function build() {
    const { image, kernel, axes } = state;
    const [down, across] = axes;
    const images = image.map(imageGrid);
    const output = grid({
      title: say`output`,
      role: "output",
      rows: down.count,
      columns: across.count,
      name: (i, j, text) =>
        say`output row ${i + 1}, column ${j + 1}: ${text || say`not yet computed`}`,
      choose: moveTo,
    });
    const here = frame("here");
    output.board.append(here.node);
    const works = kernel.map((channel, c) => {
      const small = (title, role, more) =>
        grid({ title, role, rows: down.kernel, columns: across.kernel, ...more });
      const name = place(say`weight`, c);
      return {
        patch: small(say`patch`, "input"),
        kernel: small(say`kernel`, "kernel", { name, edit: edited(channel, name) }),
        products: small(say`products`, "plain"),
        sum: grid({ title: say`sum`, role: "output", rows: 1, columns: 1 }),
        line: make("p", { class: "sum" }),
      };
    });
    const sign = (text) => make("span", { class: "sign", "aria-hidden": true }, text);
    const total = make("p", { class: "sum", hidden: works.length === 1 });
    const lines = make(
      "div",
      { class: "sums", "aria-atomic": true },
      ...works.map((w) => w.line),
      total,
    );
    view = { images, output, here, works, total, lines };
    stage.replaceChildren(
      make(
        "div",
        { class: "row" },
        ...images.map((i) => i.node),
        make("div", { class: "row" }, sign("→"), output.node),
      ),
      ...works.map((w) =>
        make(
          "div",
          { class: "row work", style: `--fit:${3 * across.kernel + 1}` },
          w.patch.node,
          sign("×"),
          w.kernel.node,
          sign("="),
          w.products.node,
          sign("Σ"),
          w.sum.node,
        ),
      ),
      lines,
    );
    update();
  }

  function update() {
    const { image, kernel, axes, row, col, seen } = state;
    const step = stepAt(image, kernel, axes, row, col);
    view.images.forEach((each) => each.draw());
    const values = convolve(image, kernel, axes);
    view.output.show(
      values.map((line, i) => line.map((v, j) => (seen.has(`${i},${j}`) ? v : null))),
    );
    view.output.stopAt(row, col);
    view.here.place(row, col, 1, 1);
    view.works.forEach((work, c) => {
      work.patch.show(step.patches[c]);
      work.kernel.show(kernel[c]);
      work.products.show(step.products[c]);
      work.sum.show([[step.sums[c]]]);
      const head = kernel.length > 1 ? say`channel ${c + 1}: ` : "";
      work.line.textContent = head + writtenOut(step.patches[c], kernel[c], step.sums[c]);
    });
    view.total.textContent = say`sum: ${step.sums.map(number).join(" + ")} = ${number(step.total)}`;
    view.lines.setAttribute("aria-live", state.timer ? "off" : "polite");
    playing.textContent = state.timer ? say`Pause` : say`Play`;
  }

  function moveTo(row, col) {
    const [down, across] = state.axes;
    if (row < 0 || col < 0 || row >= down.count || col >= across.count) return;
    Object.assign(state, { row, col });
    state.seen.add(`${row},${col}`);
    update();
  }

  // The next position as one reads, from the last back to the first.
  function next() {
    const [down, across] = state.axes;
    const place = (state.row * across.count + state.col + 1) % (down.count * across.count);
    moveTo(Math.floor(place / across.count), place % across.count);
    return place;
  }

  function stop() {
    clearInterval(state.timer);
    state.timer = null;
  }

  function play() {
    const [down, across] = state.axes;
    const last = down.count * across.count - 1;
    const running = state.timer;
    stop();
    if (running) return update();
    if (calm()) {
      for (let place = 0; place <= last; place++) next();
      return moveTo(down.count - 1, across.count - 1);
    }
    state.timer = setInterval(() => {
      if (next() === last) {
        stop();
        update();
      }
    }, PAUSE);
    next();
  }

  function reset() {
    Object.assign(state, structuredClone(options));
    form.write({
      size: sizeText(options.image),
      kernel_size: sizeText(options.kernel),
      strides: options.strides,
      padding: options.padding,
      dilation_rate: options.dilation_rate,
      channels: options.image.length,
    });
  }

  function stepOn() {
    stop();
    next();
    update();
  }

  const stepping = button(say`Step`, stepOn, { "data-main": true });
  const playing = button(say`Play`, play);
  const buttons = make(
    "div",
    { class: "row buttons" },
    stepping,
    playing,
    button(say`Reset`, reset),
  );
  const hint = say`Drag the orange frame, or move it with the arrow keys. Click a number to change it.`;
  card.append(make("p", { class: "hint" }, hint), stage, buttons, form.node);
  form.changed();
  return stop;
}

define("cnn-convolution-stepper", drawStepper, { computed, pair, number, real });

// How does a reader draw? With a pen on a sheet; the ink is how opaque the sheet is.

// Pixels of the sheet's side, and of the pen's tip.
const SHEET = 280;
const PEN = 22;

// The ink on a sheet, from 0 to 1.
function inkOn(context) {
  const { data } = context.getImageData(0, 0, SHEET, SHEET);
  const ink = new Float32Array(SHEET * SHEET);
  for (let at = 0; at < ink.length; at++) ink[at] = data[4 * at + 3] / 255;
  return ink;
}

// Draw a digit of 28×28 bytes onto a sheet, in ink of the given colour.
function pasteDigit(context, digit, colour) {
  const small = new OffscreenCanvas(28, 28).getContext("2d");
  const image = small.createImageData(28, 28);
  digit.forEach((value, at) => image.data.set([...colour, value], 4 * at));
  small.putImageData(image, 0, 0);
  context.clearRect(0, 0, SHEET, SHEET);
  context.imageSmoothingQuality = "high";
  context.drawImage(small.canvas, 0, 0, SHEET, SHEET);
}

// A sheet to draw on; drawn(going) is called with every stretch of a line, and when it ends. What
// was pasted makes way for the first line; until then pasted() gives its 28×28 bytes.
function drawingSheet(label, drawn) {
  const size = { width: SHEET, height: SHEET };
  const node = make("canvas", { class: "sheet", role: "img", "aria-label": label, ...size });
  const ink = node.getContext("2d", { willReadFrequently: true });
  let [last, pasted] = [null, null];

  function clear() {
    ink.clearRect(0, 0, SHEET, SHEET);
    pasted = null;
    drawn(false);
  }

  function paste(digit) {
    pasteDigit(ink, digit, fillColour(node, "input"));
    pasted = digit;
    drawn(false);
  }

  function line(event) {
    const box = node.getBoundingClientRect();
    const places = [event.clientX - box.left, event.clientY - box.top];
    const next = places.map((place) => (place * SHEET) / box.width);
    ink.beginPath();
    ink.moveTo(...(last ?? next));
    ink.lineTo(...next);
    ink.stroke();
    last = next;
    drawn(true);
  }

  node.addEventListener("pointerdown", (event) => {
    if (pasted) clear();
    node.setPointerCapture(event.pointerId);
    const strokeStyle = `rgb(${fillColour(node, "input")})`;
    Object.assign(ink, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle });
    line(event);
  });
  node.addEventListener("pointermove", (event) => last && line(event));
  for (const end of ["pointerup", "pointercancel"]) {
    node.addEventListener(end, () => {
      last = null;
      drawn(false);
    });
  }
  return { node, ink: () => inkOn(ink), pasted: () => pasted, clear, paste };
}

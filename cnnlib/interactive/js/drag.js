// How does a hand, a mouse or a pen take hold of something and move it?

// Places are pixels from the top left of the board. grip(y, x) says where the thing was taken and
// drag(y, x, grip) moves it; press(y, x) is for a hand that did not move.
function dragged(handle, { grip, drag, press }, board) {
  let held = null;
  const placeOf = (event) => {
    const box = board.getBoundingClientRect();
    return [event.clientY - box.top, event.clientX - box.left];
  };
  handle.addEventListener("pointerdown", (event) => {
    const place = placeOf(event);
    held = { place, grip: grip(...place), moved: false };
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [y, x] = placeOf(event);
    held.moved ||= Math.hypot(y - held.place[0], x - held.place[1]) >= 5;
    if (held.moved) drag(y, x, held.grip);
  });
  handle.addEventListener("pointerup", () => {
    if (held && !held.moved) press(...held.place);
    held = null;
  });
  handle.addEventListener("pointercancel", () => {
    held = null;
  });
}

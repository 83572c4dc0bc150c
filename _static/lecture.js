// A lesson as slides, from the page itself: one section at a time, by a button or the key P.
addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector(".bd-article");
  if (!article?.querySelector("section > .cell")) return;
  const root = document.documentElement;
  const slides = [...article.querySelectorAll("section")]
    .map((section) => [...section.children].filter((part) => part.localName !== "section"))
    .filter((parts) => parts.some((part) => !part.matches("span, h1, h2, h3")));
  let now = 0;
  let entered = null; // the slide where the lecture began, and what stood at the top of the text

  const make = (name, properties, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const button = (text, label, onclick) => {
    const made = make("button", { type: "button", title: label, onclick }, text);
    made.setAttribute("aria-label", label);
    return made;
  };
  const place = make("output", {});
  const bar = make(
    "nav",
    { className: "lecture-bar" },
    button("◂", say`Back`, () => back()),
    place,
    button("▸", say`On`, () => on()),
    button("✕", say`Back to the text (Escape)`, () => leave()),
  );
  bar.setAttribute("aria-label", say`Slides`);

  // Code is folded until the room asks for it.
  const codes = [...article.querySelectorAll("section > .cell > .cell_input")];
  const folds = codes.map((code) => {
    const fold = button(say`code`, say`Show the code`, () => {
      const open = code.parentElement.classList.toggle("lecture-open");
      fold.setAttribute("aria-expanded", open);
    });
    fold.setAttribute("aria-expanded", false);
    fold.className = "lecture-code";
    return fold;
  });

  // Everything grows alike, pictures and figures to touch too, as far as a line keeps its words.
  function grow() {
    root.style.setProperty("--zoom", Math.max(1, Math.min(innerWidth / 680, innerHeight / 510)));
  }

  function show(index, end = false) {
    slides[now].forEach((part) => part.classList.remove("lecture-now"));
    now = Math.min(Math.max(index, 0), slides.length - 1);
    slides[now].forEach((part) => part.classList.add("lecture-now"));
    place.value = `${now + 1} / ${slides.length}`;
    scrollTo({ top: end ? root.scrollHeight : 0, behavior: "instant" });
  }

  // What does not fit is scrolled, so that the first part that was cut comes to the top.
  const room = () => innerHeight - bar.offsetHeight;
  function on() {
    const boxes = slides[now].map((part) => part.getBoundingClientRect());
    const cut = boxes.find((box) => box.bottom > room() + 1);
    const heading = slides[now].find((part) => part.matches("h1, h2, h3"));
    const under = heading?.getBoundingClientRect().height ?? 0;
    const step = cut?.top - under > 8 ? cut.top - under : room() * 0.8;
    const before = scrollY;
    if (cut) scrollBy({ top: step, behavior: "instant" });
    if (scrollY === before && now < slides.length - 1) show(now + 1);
  }
  function back() {
    if (scrollY > 0) scrollBy({ top: -room() * 0.8, behavior: "instant" });
    else if (now > 0) show(now - 1, true);
  }

  function enter() {
    const seen = slides.findLastIndex((parts) => parts[0].getBoundingClientRect().top < 160);
    const part = slides.flat().find((one) => one.getBoundingClientRect().bottom > 0);
    entered = { slide: Math.max(seen, 0), part, top: part?.getBoundingClientRect().top };
    grow();
    addEventListener("resize", grow);
    root.classList.add("lecture");
    codes.forEach((code, index) => code.before(folds[index]));
    document.body.append(bar);
    show(entered.slide);
  }
  function leave() {
    removeEventListener("resize", grow);
    root.classList.remove("lecture");
    bar.remove();
    folds.forEach((fold) => fold.remove());
    const { part, top } = now === entered.slide ? entered : { part: slides[now][0], top: 80 };
    const settle = () =>
      scrollBy({ top: part.getBoundingClientRect().top - top, behavior: "instant" });
    settle();
    requestAnimationFrame(settle); // cells that come near take their true heights
    entered = null;
    starter.focus({ preventScroll: true });
  }

  const keys = {
    ArrowRight: on,
    ArrowDown: on,
    PageDown: on,
    " ": on,
    ArrowLeft: back,
    ArrowUp: back,
    PageUp: back,
    Home: () => show(0),
    End: () => show(slides.length - 1),
    Escape: () => leave(),
  };
  const clicker = ["PageDown", "PageUp", "Escape"]; // these leave a figure's own keys alone
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented && event.key !== "Escape") return; // the theme takes that one
    const target = event.composedPath()[0];
    if (target.closest?.("input, select, textarea, [contenteditable]")) return;
    if (event.key.toLowerCase() === "p") entered ? leave() : enter();
    else if (!entered || !keys[event.key]) return;
    else if (!clicker.includes(event.key) && target.closest?.("button, summary, [tabindex]")) return;
    else keys[event.key]();
    event.preventDefault();
  });

  let touch = null;
  addEventListener("touchstart", ({ touches, target }) => {
    const own = target.closest(".cell_output > *, .math-block, pre")?.matches(":has(*)");
    touch = entered && touches.length === 1 && !own ? touches[0] : null;
  });
  addEventListener("touchend", ({ changedTouches: [end] }) => {
    if (!touch) return;
    const across = end.clientX - touch.clientX;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(end.clientY - touch.clientY)) {
      across < 0 ? on() : back();
    }
  });

  const icon = make("i", { className: "fa-solid fa-display" });
  const starter = button(icon, say`Show as slides (P)`, () => (entered ? leave() : enter()));
  starter.className = "btn btn-sm pst-navbar-icon lecture-start";
  document.querySelector(".article-header-buttons")?.prepend(starter);
});

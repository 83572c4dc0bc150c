// A number leads to its proof, which lights up; Escape leads back. A mark opens a folded proof here.
{
  const lit = globalThis.Highlight && new Highlight();
  if (lit) CSS.highlights.set("proven", lit);
  let from;

  const open = (proof, wanted) => {
    proof.classList.toggle("open", wanted);
    for (const mark of document.querySelectorAll(`.qed[href="#${proof.id}"]`))
      mark.ariaExpanded = proof.classList.contains("open");
  };

  // The first place of a number in an element, not inside of a longer number.
  const find = (element, number) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const starts = [];
    let all = "";
    let cell;
    while (texts.nextNode()) {
      const here = texts.currentNode.parentElement.closest("td, th");
      if (here !== cell) all += " "; // nothing else keeps the cells of a table apart
      cell = here;
      starts.push([all.length, texts.currentNode]);
      all += texts.currentNode.data;
    }
    const parts = number.split(/\s*[×·*]\s*|, /).map((part) => part.replace(/\W/g, "\\$&"));
    const pattern = parts.join("\\s*[×x·⋅*,]\\s*");
    const found = new RegExp(`(?<![\\w.,])${pattern}(?![\\d_]|[.,]\\d)`).exec(all);
    if (!found) return null;
    const range = new Range();
    const at = (position) => starts.findLast(([start]) => start <= position);
    const [start, first] = at(found.index);
    const end = found.index + found[0].length;
    const [before, last] = at(end - 1);
    range.setStart(first, found.index - start);
    range.setEnd(last, end - before);
    return range;
  };

  const leave = () => {
    lit?.clear();
    document.querySelector(".proven")?.classList.remove("proven");
  };

  const show = (target, number, kind) => {
    leave();
    if (target.matches(".proof")) open(target, true);
    target.classList.add("proven");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    const parts = [kind?.includes(say`output`) && target.querySelector(".cell_output"), target];
    const range = number && parts.map((part) => part && find(part, number)).find(Boolean);
    if (range) lit?.add(range);
    const seen = range?.startContainer.parentElement;
    (seen?.checkVisibility() ? seen : target).scrollIntoView({ block: "center" });
  };

  const arrive = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches(".cell, .proof")) show(target);
  };

  for (const mark of document.querySelectorAll(".qed")) {
    mark.role = "button";
    mark.ariaExpanded = false;
  }
  addEventListener("click", (event) => {
    const door = event.target.closest?.("a.door");
    const id = door?.getAttribute("href").match(/^#(.+)/)?.[1];
    if (!id || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = document.getElementById(id);
    event.preventDefault();
    if (door.matches(".qed")) return open(target);
    from = door;
    history.pushState(null, "", door.hash);
    show(target, door.dataset.n ?? door.textContent, door.title);
  });
  addEventListener("keydown", (event) => {
    const focused = document.activeElement;
    if (event.key === "Escape" && from && focused.matches(".proven")) {
      leave();
      from.focus();
    }
    if (event.key === " " && focused.matches(".qed")) {
      event.preventDefault();
      focused.click();
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !focused.matches("a.door")) return;
    const block = focused.closest("table") ?? focused.closest("p, h1, h2, h3, li, div");
    const doors = [...block.querySelectorAll("a.door")];
    doors[doors.indexOf(focused) + step]?.focus();
    event.preventDefault();
  });
  addEventListener("hashchange", arrive);
  arrive();
}

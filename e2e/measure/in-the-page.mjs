// What runs in the page that is measured: the pictures it paints, how long one waits at an edge, and how soon a key shows.

/** Before the page's own code. */
export function watch() {
  const log = () => document.querySelector(".log");
  let frames = [];
  let waits = [];
  let waitingSince = null;
  let rowsMax = 0;
  let next = 0;
  let last = 0;
  const look = (now) => {
    frames.push(now - last);
    last = now;
    const box = log();
    const list = box?.firstElementChild;
    rowsMax = Math.max(rowsMax, list?.querySelectorAll("[data-seq]").length ?? 0);
    // Nothing but an edge is in view where messages should be: a blank.
    const { top, bottom } = box.getBoundingClientRect();
    const rows = list.querySelectorAll("[data-seq]");
    const first = rows[0]?.getBoundingClientRect().top ?? bottom;
    const end = rows[rows.length - 1]?.getBoundingClientRect().bottom ?? top;
    const missing = Math.max(0, first - top) + Math.max(0, bottom - end);
    const isBlank = missing > (bottom - top) / 10 && list.querySelector(".log-edge") !== null;
    if (isBlank && waitingSince === null) waitingSince = now;
    if (!isBlank && waitingSince !== null) {
      waits.push(now - waitingSince);
      waitingSince = null;
    }
    next = requestAnimationFrame(look);
  };
  const keys = [];
  addEventListener(
    "keydown",
    (event) => {
      const at = event.timeStamp;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => keys.push(performance.now() - at);
        port2.postMessage(null);
      });
    },
    true,
  );
  window.__measure = {
    begin() {
      frames = [];
      waits = [];
      waitingSince = null;
      rowsMax = 0;
      keys.length = 0;
      last = performance.now();
      next = requestAnimationFrame(look);
    },
    end() {
      cancelAnimationFrame(next);
      if (waitingSince !== null) waits.push(performance.now() - waitingSince);
      return { frames: frames.slice(1), waits, rowsMax, keys: [...keys] };
    },
    /** The numbers of the first and the last message held. */
    held() {
      const rows = document.querySelectorAll(".log [data-seq]");
      return [rows[0], rows[rows.length - 1]].map((row) => Number(row?.dataset.seq ?? 0));
    },
    isInView(seq) {
      const row = document.querySelector(`.log [data-seq="${seq}"]`);
      const box = log()?.getBoundingClientRect();
      const at = row?.getBoundingClientRect();
      return Boolean(at && box && at.top >= box.top - 2 && at.top < box.bottom);
    },
  };
}

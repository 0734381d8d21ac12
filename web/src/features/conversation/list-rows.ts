// The rows of the log as they stand in the page: by their key, and by their place.

/** The row with this key. */
export function rowOf(list: HTMLElement | null, key: string): HTMLElement | null {
  for (const row of list?.children ?? []) {
    if (row instanceof HTMLElement && row.dataset.key === key) return row;
  }
  return null;
}

/** The first message whose lower edge is below this place in the list, else the last one. */
export function messageAt(list: HTMLElement | null, place: number): HTMLElement | null {
  const at = indexBelow(list, place);
  return nextMessage(list, at, 1) ?? nextMessage(list, at, -1);
}

/** The last message whose lower edge is not below this place. */
export function messageAbove(list: HTMLElement | null, place: number): HTMLElement | null {
  return nextMessage(list, indexBelow(list, place + 1) - 1, -1);
}

/** The index of the first row whose lower edge is at this place or below it. By halving, because there are hundreds and
 * this happens with every movement. */
function indexBelow(list: HTMLElement | null, place: number): number {
  const rows = list?.children ?? [];
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as HTMLElement;
    if (row.offsetTop + row.offsetHeight >= place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function nextMessage(list: HTMLElement | null, from: number, step: 1 | -1): HTMLElement | null {
  const rows = list?.children ?? [];
  for (let index = from; index >= 0 && index < rows.length; index += step) {
    const row = rows[index];
    if (row instanceof HTMLElement && row.dataset.seq !== undefined) return row;
  }
  return null;
}

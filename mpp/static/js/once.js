/**
 * Remembers which calls were announced, over reloads of the page, so that bell and voice sound once per
 * (ticket, calls). A recall raises `calls` and sounds again.
 *
 *   const announced = new Once("board-a");
 *   if (announced.isFirst(row.label, row.calls)) chime.ring();
 *
 * Numbers start again every day, so what has not been seen for 8 hours is forgotten: ask for every call
 * that is on the board, with every board.
 */

const KEEP = 8 * 3600_000; // ms
const REFRESH = 60_000; // ms; a call that stays on the board is written again this often
const MOST = 500;

export class Once {
  #name;
  #storage;
  #now;
  #seen;

  /**
   * @param {string} name
   * @param {{storage?: Pick<Storage, "getItem" | "setItem">, now?: () => number}} [kept]
   */
  constructor(name, { storage = globalThis.sessionStorage, now = Date.now } = {}) {
    this.#name = `mpp-once-${name}`;
    this.#storage = storage;
    this.#now = now;
    this.#seen = this.#read();
  }

  /** Nothing is remembered: the page was opened for the first time. */
  get isEmpty() {
    return this.#seen.size === 0;
  }

  /**
   * Whether this call has been asked for before; asking here is not remembered.
   * @param {string | number} ticket
   * @param {number} calls
   */
  has(ticket, calls) {
    const last = this.#seen.get(`${ticket}:${calls}`);
    return last !== undefined && this.#now() - last <= KEEP;
  }

  /**
   * True the first time it is asked for this call of this ticket; remembers that it was asked.
   * @param {string | number} ticket
   * @param {number} calls
   */
  isFirst(ticket, calls) {
    const key = `${ticket}:${calls}`;
    const now = this.#now();
    const last = this.#seen.get(key) ?? -Infinity;
    const isFirst = !this.has(ticket, calls);
    if (isFirst || now - last > REFRESH) {
      this.#seen.delete(key); // to the end: the order is that of the last sight
      this.#seen.set(key, now);
      this.#write(now);
    }
    return isFirst;
  }

  /** @returns {Map<string, number>} */
  #read() {
    try {
      return new Map(JSON.parse(this.#storage.getItem(this.#name) ?? "[]"));
    } catch {
      return new Map(); // no storage, or not ours: it rings once too often rather than never
    }
  }

  /** @param {number} now */
  #write(now) {
    const kept = [...this.#seen].filter(([, at]) => now - at <= KEEP).slice(-MOST);
    this.#seen = new Map(kept);
    try {
      this.#storage.setItem(this.#name, JSON.stringify(kept));
    } catch {
      // Full or forbidden: this page still remembers, the next one will not.
    }
  }
}

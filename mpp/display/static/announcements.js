/**
 * Which calls of a board must be announced now: each (ticket, calls) once, also over reloads and breaks.
 *
 *   const announcements = new Announcements(new Once("board-a"));
 *   for (const call of announcements.due(board)) queue.add(() => announcements.begin(call) && ring(call));
 *
 * - A call that is new is announced, oldest first. A recall raises `calls` and is announced again.
 * - When the page has just been opened, only what was called in the last 30 s is: the rest has been heard.
 * - After a break, also what was called meanwhile and is still awaited at its counter.
 * - What waits its turn and is gone from the board, or called again, by then is left out.
 */

/** @import { Once } from "/static/js/once.js" */

/**
 * @typedef {{label: string, calls: number, called_at: string, state: string}} Call
 * @typedef {{day: string, at: string, called: Call[]}} Board   newest call first; what else it shows, see board.js
 */

const FRESH = 30_000; // ms

export class Announcements {
  #once;
  /** @type {Board | null} */
  #board = null;
  /** @type {Set<string>} */
  #queued = new Set();

  /** @param {Pick<Once, "has" | "isFirst">} once remembers what was announced, see once.js */
  constructor(once) {
    this.#once = once;
  }

  /**
   * The calls to announce because of this board, in their order. Each is given out once.
   * @template {Call} Shown
   * @param {Board & {called: Shown[]}} board
   */
  due(board) {
    const isFirstBoard = this.#board === null;
    this.#board = board;
    /** @type {(Shown & {name: string})[]} */
    const due = [];
    for (const call of board.called) {
      const name = nameOf(board, call);
      if (this.#queued.has(`${name}:${call.calls}`)) continue;
      const isKnown = this.#once.has(name, call.calls);
      const age = Date.parse(board.at) - Date.parse(call.called_at);
      const isUnheard = age <= FRESH || (!isFirstBoard && call.state === "called");
      if (!isKnown && isUnheard) {
        this.#queued.add(`${name}:${call.calls}`);
        due.push({ ...call, name });
      } else {
        this.#once.isFirst(name, call.calls); // heard, or too late: remembered as long as it hangs there
      }
    }
    return due.reverse();
  }

  /**
   * Its turn has come: true if it is still to be announced, which is remembered from now on.
   * @param {{name: string, calls: number}} call
   */
  begin(call) {
    this.#queued.delete(`${call.name}:${call.calls}`);
    const board = this.#board;
    if (board === null) return false;
    const isStillThere = board.called.some(
      (shown) => nameOf(board, shown) === call.name && shown.calls === call.calls,
    );
    return isStillThere && this.#once.isFirst(call.name, call.calls);
  }

  /** How many wait for their turn. */
  get waiting() {
    return this.#queued.size;
  }
}

/**
 * Numbers start again every day.
 * @param {Board} board
 * @param {Call} call
 */
function nameOf(board, call) {
  return `${board.day} ${call.label}`;
}

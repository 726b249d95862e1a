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

const FRESH = 30_000; // ms

export class Announcements {
  #once;
  #board = null;
  #queued = new Set();

  /** @param {{has: Function, isFirst: Function}} once remembers what was announced, see once.js */
  constructor(once) {
    this.#once = once;
  }

  /** The calls to announce because of this board, in their order. Each is given out once. */
  due(board) {
    const isFirstBoard = this.#board === null;
    this.#board = board;
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

  /** Its turn has come: true if it is still to be announced, which is remembered from now on. */
  begin(call) {
    this.#queued.delete(`${call.name}:${call.calls}`);
    const isStillThere = this.#board.called.some(
      (shown) => nameOf(this.#board, shown) === call.name && shown.calls === call.calls,
    );
    return isStillThere && this.#once.isFirst(call.name, call.calls);
  }

  /** How many wait for their turn. */
  get waiting() {
    return this.#queued.size;
  }
}

/** Numbers start again every day. */
function nameOf(board, call) {
  return `${board.day} ${call.label}`;
}

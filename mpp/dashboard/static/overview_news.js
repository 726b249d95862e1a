/**
 * Which alerts are new to somebody who listens. The list itself is drawn over and over; what is said aloud is only
 * an alert that was not there, once, and several that come close together in one breath.
 *
 *   const news = new News({ names: [...] });          // what the page showed when it was opened
 *   news.look([{ name, text }], now);                 // after each drawing
 *   news.due(now)                                     // "" or what to say now
 */

export const PAUSE = 15_000; // ms between two announcements
export const AWAY = 300_000; // ms; an alert that comes back sooner is the same one

export class News {
  /** @type {Map<string, number>} */
  #seen = new Map(); // name -> when it was last on the page
  /** @type {Map<string, string>} */
  #waiting = new Map(); // name -> text
  #said = -Infinity;

  /** @param {{names?: string[], now?: number}} shown */
  constructor({ names = [], now = 0 } = {}) {
    for (const name of names) this.#seen.set(name, now);
  }

  /**
   * @param {{name: string, text: string}[]} alerts
   * @param {number} now
   */
  look(alerts, now) {
    const here = new Set(alerts.map((alert) => alert.name));
    for (const name of this.#waiting.keys()) {
      if (!here.has(name)) this.#waiting.delete(name); // over before it was said
    }
    for (const { name, text } of alerts) {
      const last = this.#seen.get(name);
      if (last === undefined || now - last > AWAY || this.#waiting.has(name)) this.#waiting.set(name, text);
      this.#seen.set(name, now);
    }
  }

  /**
   * The gravest first, as the page has them; nothing until the last announcement is `PAUSE` ago.
   * @param {number} now
   */
  due(now) {
    if (this.#waiting.size === 0 || now - this.#said < PAUSE) return "";
    const text = [...this.#waiting.values()].join(". ");
    this.#waiting.clear();
    this.#said = now;
    return text;
  }
}

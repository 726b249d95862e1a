/**
 * The mall's clock: the server's time in the mall's zone, whatever the screen's own clock says.
 * Between two messages it goes on by the browser's steady counter.
 */

export class HallClock {
  #time;
  #date;
  #ahead = 0; // ms, of the server before the page's counter
  #hour;
  #weekday;
  #day;

  /**
   * @param {HTMLElement} time
   * @param {HTMLElement} date
   * @param {{at: number, timeZone: string | undefined, locale: string}} place   at: the server's time of the page, ms
   */
  constructor(time, date, { at, timeZone, locale }) {
    this.#time = time;
    this.#date = date;
    const language = locale === "en" ? "en-GB" : "id";
    /** @param {Intl.DateTimeFormatOptions} options */
    const format = (options) => new Intl.DateTimeFormat(language, { ...options, timeZone });
    this.#hour = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#weekday = format({ weekday: "long" });
    this.#day = format({ day: "numeric", month: "long", year: "numeric" });
    this.#ahead = at - performance.now();
  }

  /** @param {string} at the server's time when it spoke just now */
  set(at) {
    this.#ahead = Date.parse(at) - performance.now();
    this.tick();
  }

  tick() {
    const now = this.now();
    write(this.#time, this.#hour.format(now));
    write(this.#date, `${this.#weekday.format(now)}, ${this.#day.format(now)}`);
  }

  now() {
    return new Date(performance.now() + this.#ahead);
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

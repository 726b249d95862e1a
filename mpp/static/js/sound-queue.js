/**
 * Sounds one after another: bell, then voice, then the next bell; never two at once.
 * A sound is a function that returns a promise. One that fails or hangs does not hold up the others.
 */

export class SoundQueue {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #limit;

  /** @param {number} limit ms after which a sound that has not ended is taken to have ended */
  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  /**
   * Resolves when the sound has ended: true, or false if it failed or took too long.
   * @param {() => unknown} play
   * @returns {Promise<boolean>}
   */
  add(play) {
    const ended = this.#last.then(() => this.#run(play));
    this.#last = ended;
    return ended;
  }

  /** @param {() => unknown} play */
  async #run(play) {
    let timer;
    /** @type {Promise<boolean>} */
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#limit, false);
    });
    const ended = (async () => (await play()) !== false)().catch(() => false);
    const result = await Promise.race([ended, tooLong]);
    clearTimeout(timer);
    return result;
  }
}

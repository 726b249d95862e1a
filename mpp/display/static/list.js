/**
 * A list that is drawn again with every board, and shows itself page by page where it does not fit.
 * Elements stay the same as long as their key does, so that a flash is not cut off by the next board.
 */

export class List {
  #element;
  #template;
  #pages;
  #page = 0;
  #keys = [];

  /**
   * @param {HTMLElement} element its children carry data-key; `--least: 5rem` in CSS is how
   *   high each must be at least, and means that pages are turned where not all fit
   * @param {HTMLTemplateElement} template holds one child; its [data-part] are filled
   * @param {HTMLElement | null} pages says "2 / 3"
   */
  constructor(element, template, pages = null) {
    this.#element = element;
    this.#template = template;
    this.#pages = pages;
    this.#keys = [.../** @type {HTMLCollectionOf<HTMLElement>} */ (element.children)].map((child) => child.dataset.key);
  }

  /** @param {{key: string, parts: object, state?: string}[]} items keys differ */
  draw(items) {
    const known = new Map([...this.#element.children].map((child) => [child.dataset.key, child]));
    const children = items.map(({ key, parts, state }) => {
      const child = known.get(key) ?? this.#template.content.firstElementChild.cloneNode(true);
      child.dataset.key = key;
      if (state !== undefined) child.dataset.state = state;
      fill(child, parts);
      return child;
    });
    for (const [key, child] of known) if (!items.some((item) => item.key === key)) child.remove();
    children.forEach((child, index) => {
      const there = this.#element.children[index];
      if (there !== child) this.#element.insertBefore(child, there ?? null);
    });
    this.#keys = items.map((item) => item.key);
    this.layOut();
  }

  child(key) {
    return this.#element.children[this.#keys.indexOf(key)];
  }

  /** Go to the page that shows this one. */
  reveal(key) {
    const index = this.#keys.indexOf(key);
    if (index >= 0) this.#page = Math.floor(index / this.#perPage());
    this.layOut();
  }

  /** Turn the page; after the last one comes the first. */
  turn() {
    this.#page += 1;
    this.layOut();
  }

  /** Show the page, however large the screen is by now. */
  layOut() {
    const children = [...this.#element.children];
    const perPage = this.#perPage();
    const pages = Math.max(1, Math.ceil(children.length / perPage));
    this.#page %= pages;
    children.forEach((child, index) => {
      child.hidden = Math.floor(index / perPage) !== this.#page;
    });
    if (this.#pages !== null) {
      this.#pages.textContent = pages > 1 ? `${this.#page + 1} / ${pages}` : "";
    }
  }

  #perPage() {
    const style = getComputedStyle(this.#element);
    const least = parseFloat(style.getPropertyValue("--least")); // rem
    if (!least) return Infinity;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const gap = parseFloat(style.rowGap) || 0;
    return Math.max(1, Math.floor((this.#element.clientHeight + gap + 1) / (least * rem + gap)));
  }
}

/** Write what has changed into the [data-part] of an element. */
export function fill(element, parts) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-part]"))) {
    const text = String(parts[place.dataset.part] ?? "");
    if (place.textContent !== text) place.textContent = text;
  }
}

/**
 * A list that is drawn again with every board, and shows itself page by page where it does not fit.
 * Elements stay the same as long as their key does, so that a flash is not cut off by the next board.
 */

import { all, dataOf, find } from "/static/js/dom.js";
import { nextPage } from "/static/display/paging.js";

/** @typedef {Record<string, string | number>} Parts   data-part → what is written there */

export class List {
  #element;
  #template;
  #pages;
  #page = 0;
  /** @type {(string | undefined)[]} */
  #keys = [];

  /**
   * @param {HTMLElement} element its children carry data-key; `--least: 5rem` in CSS is how
   *   high each must be at least, and means that pages are turned where not all fit
   * @param {HTMLTemplateElement} template holds one child; its [data-part] are filled
   * @param {Element | null} pages says "2 / 3"
   */
  constructor(element, template, pages = null) {
    this.#element = element;
    this.#template = template;
    this.#pages = pages;
    this.#keys = this.#children.map((child) => child.dataset.key);
  }

  /** @param {{key: string, parts: Parts, state?: string}[]} items keys differ */
  draw(items) {
    const known = new Map(this.#children.map((child) => [child.dataset.key, child]));
    const children = items.map(({ key, parts, state }) => {
      const child = known.get(key) ?? document.importNode(find(this.#template.content, "*", HTMLElement), true);
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

  /**
   * @param {string} key
   * @returns {HTMLElement | undefined}
   */
  child(key) {
    return this.#children[this.#keys.indexOf(key)];
  }

  /**
   * Go to the page that shows this one.
   * @param {string} key
   */
  reveal(key) {
    const index = this.#keys.indexOf(key);
    if (index >= 0) this.#page = Math.floor(index / this.#perPage());
    this.layOut();
  }

  /**
   * Turn the page; after the last one comes the first.
   * @param {Set<string>} news keys that must be seen before any other page is
   */
  turn(news = new Set()) {
    const isNews = this.#keys.map((key) => key !== undefined && news.has(key));
    this.#page = nextPage(this.#page, isNews, this.#perPage());
    this.layOut();
  }

  /** Show the page, however large the screen is by now. */
  layOut() {
    const children = this.#children;
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

  get #children() {
    return [...this.#element.children].filter((child) => child instanceof HTMLElement);
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

/**
 * Write what has changed into the [data-part] of an element.
 * @param {HTMLElement} element
 * @param {Parts} parts
 */
export function fill(element, parts) {
  for (const place of all(element, "[data-part]", HTMLElement)) {
    const text = String(parts[dataOf(place, "part")] ?? "");
    if (place.textContent !== text) place.textContent = text;
  }
}

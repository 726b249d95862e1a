/**
 * Elements of the kind that a script takes them for, checked where the page is read:
 *
 *   const board = find(document, "[data-board]", HTMLElement);    // an error that names it where it is missing
 *   for (const button of all(document, "[data-press] button", HTMLButtonElement)) button.disabled = true;
 *   connect(dataOf(board, "socket"), …);                          // data-socket
 */

/**
 * The first element that matches.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} matches ${selector}`);
}

/**
 * Every element that matches and is of that kind, in the page's order.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T[]}
 */
export function all(root, selector, kind) {
  return [...root.querySelectorAll(selector)].flatMap((element) => (element instanceof kind ? [element] : []));
}

/**
 * What an element bears as data-…
 * @param {HTMLElement} element
 * @param {string} name as in `dataset`
 */
export function dataOf(element, name) {
  const text = element.dataset[name];
  if (text === undefined) throw new Error(`no data "${name}" on <${element.localName}>`);
  return text;
}

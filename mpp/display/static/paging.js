/** Which page of a list comes next. */

/**
 * Page by page; while some are news, only the pages that hold news, so that none is gone before it was read.
 * @param {number} page the one that is shown, from 0
 * @param {boolean[]} news of every item, in order
 * @param {number} perPage
 */
export function nextPage(page, news, perPage) {
  const pages = Math.max(1, Math.ceil(news.length / perPage));
  const holds = [...Array(pages).keys()].map((each) => news.slice(each * perPage, (each + 1) * perPage).some(Boolean));
  const ahead = [...Array(pages).keys()].map((step) => (page + 1 + step) % pages);
  return ahead.find((each) => holds[each]) ?? (page + 1) % pages;
}

/** node --test tests/js/ : which alerts of the overview are said aloud, and when not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { AWAY, News, PAUSE } from "../../mpp/dashboard/static/overview_news.js";

const late = { name: "late-ktp-el", text: "KTP: 2 orang" };
const crowd = { name: "crowd", text: "12 orang untuk tiap loket" };

test("what the page showed when it was opened is not said", () => {
  const news = new News({ names: [late.name] });
  news.look([late], 1_000);
  assert.equal(news.due(1_000), "");
});

test("a new alert is said once, however often the page is drawn", () => {
  const news = new News();
  news.look([late], 1_000);
  assert.equal(news.due(1_000), late.text);
  for (let now = 2_000; now < 10 * PAUSE; now += 1_000) {
    news.look([{ ...late, text: `KTP: ${now} orang` }], now);
    assert.equal(news.due(now), "");
  }
});

test("what comes soon after waits and is said in one breath, as it then stands", () => {
  const news = new News();
  news.look([late], 0);
  news.due(0);
  news.look([late, crowd], 1_000);
  assert.equal(news.due(1_000), "");
  news.look([{ name: "no_counter-kk", text: "KK: 1 orang" }, late, { ...crowd, text: "14 orang" }], 2_000);
  assert.equal(news.due(PAUSE - 1), "");
  assert.equal(news.due(PAUSE), "14 orang. KK: 1 orang");
});

test("one that is over before its turn is not said", () => {
  const news = new News();
  news.look([late], 0);
  news.due(0);
  news.look([late, crowd], 1_000);
  news.look([late], 2_000);
  assert.equal(news.due(PAUSE), "");
});

test("one that comes back after a while is new again", () => {
  const news = new News({ names: [late.name], now: 0 });
  news.look([], 1_000);
  news.look([late], AWAY - 1);
  assert.equal(news.due(AWAY - 1), "", "it was away for a moment only");
  news.look([], AWAY);
  news.look([late], 3 * AWAY);
  assert.equal(news.due(3 * AWAY), late.text);
});

/**
 * The client half of a live screen as a state machine: events in, effects out. It knows no socket, no
 * clock and no page (those are in live.js), so its tests need none of them.
 *
 * Every message is a whole state, and the server speaks at least every 4 s. So:
 * - what a connection says counts from its first message on, and only if its version does not fall;
 * - whoever has said nothing for `suspicion` may be cut off: a second connection is tried beside it, and
 *   the first of all connections to speak becomes the one that counts (a half-open line heals this way);
 * - nothing heard for `silence`: what the screen shows is stale, since the moment it last heard.
 *
 * @typedef {{version: number, at?: string}} State   at: the server's time; and whatever else the screen shows
 * @typedef {"connecting" | "live" | "stale"} Standing
 * @typedef {{kind: "open", id: number} | {kind: "close", id: number} | {kind: "apply", message: State}
 *   | {kind: "tell", state: Standing, since: number | null}} Effect   since: when stale
 * @typedef {{type: "message", id: number, text: string} | {type: "closed", id: number}
 *   | {type: "tick"} | {type: "check"}} Event   check: something happened that makes trying now worth it
 */

/**
 * @typedef {{silence: number, suspicion: number, firstDelay: number, longestDelay: number, growth: number,
 *   beside: number, patience: number, atOnce: number}} Options
 * @type {Readonly<Options>}
 */
export const DEFAULTS = Object.freeze({
  silence: 10_000, // ms
  suspicion: 6_000, // ms; well over the server's 4 s
  firstDelay: 300, // ms before the next try once a connection is lost; grows with every try
  longestDelay: 5_000, // ms
  growth: 1.8,
  beside: 1_500, // ms that a connection is given before another is tried beside it
  patience: 10_000, // ms that a connection may take until its first message
  atOnce: 3, // connections that may wait for their first message
});

const RECENT = 1_000; // ms; several wake-ups in a row (online, visible, shown) are one

/**
 * @typedef {{id: number, since: number}} Waiting
 * @typedef {{options: Options, heardAt: number, current: number | null, currentSince: number,
 *   version: number | null, waiting: Waiting[], tries: number, nextTryAt: number | null, nextId: number,
 *   told: Standing | null}} Model
 */

/**
 * A screen that has just been opened, at `now` (ms of any clock that never goes back).
 * @param {number} now
 * @param {Partial<Options>} options
 * @returns {Model}
 */
export function begin(now, options = {}) {
  return {
    options: { ...DEFAULTS, ...options },
    heardAt: now,
    current: null, // id of the connection that counts
    currentSince: now,
    version: null, // of the last state applied, within this connection
    waiting: [], // [{id, since}]: opened, nothing heard from yet
    tries: 0,
    nextTryAt: now,
    nextId: 1,
    told: null,
  };
}

/**
 * What follows from an event.
 * @param {Model} model what `begin` or the last `step` gave; not changed
 * @param {Event} event
 * @param {number} now
 * @param {() => number} random in [0, 1)
 * @returns {{model: Model, effects: Effect[]}}
 */
export function step(model, event, now, random = Math.random) {
  const next = { ...model, waiting: [...model.waiting] };
  /** @type {Effect[]} */
  const effects = [];
  if (event.type === "message") hear(next, effects, event, now);
  if (event.type === "closed") lose(next, event.id, now, random);
  if (event.type === "check") hurry(next, now);
  giveUp(next, effects, now);
  suspect(next, effects, now, random);
  tell(next, effects, now);
  return { model: next, effects };
}

/**
 * When the next tick is due, on the same clock.
 * @param {Model} model
 */
export function wakeAt(model) {
  const { options, heardAt, current, nextTryAt, waiting, told } = model;
  const moments = waiting.map((connection) => connection.since + options.patience);
  if (nextTryAt !== null) moments.push(nextTryAt);
  else if (current !== null) moments.push(heardAt + options.suspicion);
  if (told !== "stale") moments.push(heardAt + options.silence);
  return Math.min(...moments);
}

/**
 * @param {Model} model
 * @param {Effect[]} effects
 * @param {{id: number, text: string}} event
 * @param {number} now
 */
function hear(model, effects, { id, text }, now) {
  const isCurrent = id === model.current;
  if (!isCurrent && !model.waiting.some((connection) => connection.id === id)) return;
  const message = parse(text);
  if (message === null) return; // not a state: as good as silence
  if (isCurrent) {
    const settled = now - model.currentSince >= model.options.suspicion / 2;
    if (settled) model.tries = 0; // a line that breaks at once every time is not tried faster
  } else {
    if (model.current !== null) effects.push({ kind: "close", id: model.current });
    for (const other of model.waiting) {
      if (other.id !== id) effects.push({ kind: "close", id: other.id });
    }
    model.waiting = [];
    model.current = id;
    model.currentSince = now;
    model.version = null;
  }
  model.heardAt = now;
  model.nextTryAt = null;
  if (model.version !== null && message.version < model.version) return;
  model.version = message.version;
  effects.push({ kind: "apply", message });
}

/**
 * @param {Model} model
 * @param {number} id
 * @param {number} now
 * @param {() => number} random
 */
function lose(model, id, now, random) {
  model.waiting = model.waiting.filter((connection) => connection.id !== id);
  if (id === model.current) model.current = null;
  if (model.current !== null || model.waiting.length > 0) return; // another line is still good or being tried
  model.nextTryAt = now + delay(model, random);
}

/**
 * @param {Model} model
 * @param {number} now
 */
function hurry(model, now) {
  const trying = model.waiting.some((connection) => now < connection.since + RECENT);
  if (!isDoubtful(model, now) || trying) return;
  model.tries = 0;
  model.nextTryAt = now;
}

/**
 * @param {Model} model
 * @param {Effect[]} effects
 * @param {number} now
 */
function giveUp(model, effects, now) {
  const { patience, silence } = model.options;
  /** @param {Waiting} connection */
  const late = (connection) => now >= connection.since + patience;
  for (const { id } of model.waiting.filter(late)) effects.push({ kind: "close", id });
  model.waiting = model.waiting.filter((connection) => !late(connection));
  if (model.current !== null && now >= model.heardAt + silence) {
    effects.push({ kind: "close", id: model.current });
    model.current = null;
  }
}

/**
 * @param {Model} model
 * @param {Effect[]} effects
 * @param {number} now
 * @param {() => number} random
 */
function suspect(model, effects, now, random) {
  if (!isDoubtful(model, now)) return;
  if (model.nextTryAt === null) model.nextTryAt = now + delay(model, random);
  if (now < model.nextTryAt) return;
  if (model.waiting.length >= model.options.atOnce) {
    for (const { id } of model.waiting.splice(0, 1)) effects.push({ kind: "close", id });
  }
  model.waiting.push({ id: model.nextId, since: now });
  effects.push({ kind: "open", id: model.nextId });
  model.nextId += 1;
  model.tries += 1;
  model.nextTryAt = now + Math.max(model.options.beside, delay(model, random));
}

/**
 * @param {Model} model
 * @param {number} now
 */
function isDoubtful({ options, current, heardAt }, now) {
  return current === null || now >= heardAt + options.suspicion;
}

/**
 * @param {Model} model
 * @param {Effect[]} effects
 * @param {number} now
 */
function tell(model, effects, now) {
  const isStale = now >= model.heardAt + model.options.silence;
  const state = isStale ? "stale" : model.current !== null ? "live" : "connecting";
  if (state === model.told) return;
  model.told = state;
  effects.push({ kind: "tell", state, since: isStale ? model.heardAt : null });
}

/**
 * Between half and all of a span that grows with every try, so that a hall's screens do not come back as one.
 * @param {Model} model
 * @param {() => number} random
 */
function delay({ options, tries }, random) {
  const span = Math.min(options.longestDelay, options.firstDelay * options.growth ** Math.max(0, tries - 1));
  return span * (0.5 + random() / 2);
}

/**
 * @param {string} text
 * @returns {State | null}
 */
function parse(text) {
  try {
    /** @type {unknown} */
    const message = JSON.parse(text);
    return isState(message) ? message : null;
  } catch {
    return null;
  }
}

/**
 * @param {unknown} message
 * @returns {message is State}
 */
function isState(message) {
  return typeof message === "object" && message !== null && "version" in message && Number.isFinite(message.version);
}

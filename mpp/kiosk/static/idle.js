/**
 * When is it time to begin afresh? Pure, so that it can be tested without waiting.
 *
 *   left(touched, now, seconds)      whole seconds until then, 0 when it is time
 *   isWarning(left, warn)            whether the visitor must be told (and can put it off)
 */

export function left(touched, now, seconds) {
  return Math.max(0, Math.ceil(seconds - (now - touched) / 1000));
}

export function isWarning(remaining, warn) {
  return warn > 0 && remaining <= warn;
}

/**
 * Where labels stand so that none covers another: as near to where they belong as may be, in the same order, between
 * `top` and `bottom`. Answers the places in the order of `wanted`.
 */
export function spreadLabels(wanted: readonly number[], { gap, top, bottom }: { readonly gap: number; readonly top: number; readonly bottom: number }): number[] {
  const order = wanted.map((y, at) => ({ y, at })).sort((a, b) => a.y - b.y)
  const places = new Array<number>(wanted.length).fill(top)
  let least = top
  for (const { y, at } of order) {
    places[at] = Math.max(y, least)
    least = (places[at] ?? top) + gap
  }
  let most = bottom
  for (const { at } of order.toReversed()) {
    places[at] = Math.min(places[at] ?? bottom, most)
    most = (places[at] ?? bottom) - gap
  }
  return places
}

/** Waiting times that double up to a cap, and begin again after a process has held out for `calmMs`. */
export const backOff = ({ firstMs = 500, capMs = 30_000, calmMs = 60_000 } = {}) => {
  let failures = 0
  return (ranForMs) => {
    failures = ranForMs >= calmMs ? 0 : failures
    return Math.min(capMs, firstMs * 2 ** failures++)
  }
}

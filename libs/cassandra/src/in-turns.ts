/**
 * Does the work for each item, so many at once. Rejects with the first failure, after what was under way has ended:
 * nothing runs on unseen.
 */
export async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let item = items[next]; failures.length === 0 && next < items.length; item = items[next]) {
      next += 1
      try {
        await work(item as T)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

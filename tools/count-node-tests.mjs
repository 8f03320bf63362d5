import { briefly, writeCount } from './count-tests.mjs'

/** A reporter for `node --test` that counts as count-tests.mjs does, and prints nothing. */
export default async function* countNodeTests(events) {
  const count = { passed: 0, failed: 0, failures: [] }
  for await (const { type, data } of events) {
    if (data.details?.type === 'suite') continue
    if (type === 'test:pass' && !data.skip && !data.todo) count.passed += 1
    if (type === 'test:fail') {
      count.failed += 1
      count.failures.push({ name: data.name, message: briefly(String(data.details?.error?.stack ?? data.details?.error ?? '')) })
    }
  }
  writeCount(count)
  yield ''
}

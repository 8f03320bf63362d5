import { setTimeout as pause } from 'node:timers/promises'

/** Asks with the key for reading, which MILLRACE_READ=key demands and else is taken as well. */
export const askWith = (key) => async (url) => {
  const answer = await fetch(url, { headers: { accept: 'application/json', authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(5_000) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 200)}`)
  return JSON.parse(text)
}

/** Tries until an answer comes that is not undefined; what was found last is kept in `missing` for people, and for the deadline's error. */
const until = async (what, { deadline, everyMs, missing }, attempt) => {
  for (;;) {
    try {
      const answer = await attempt()
      if (answer !== undefined) {
        missing.delete(what)
        return answer
      }
      missing.set(what, 'no rows yet')
    } catch (error) {
      missing.set(what, error.message)
    }
    if (Date.now() > deadline) throw new Error(`${what} is not readable: ${missing.get(what).replace(/\.$/, '')}. See: npm run status, npm run logs.`)
    await pause(everyMs)
  }
}

/** These wait for a person, who needs everything else to run. */
const forPeople = new Set(['data_loss', 'checkpoint_corrupt', 'plan_invalid'])

/**
 * The query of a stream that goes on, or that waits for a person; else throws what it waits for. After a restart there are
 * rows of before, which say nothing about whether new ones will come. A query that runs is enough: a source that stands
 * still gives no new row, and that is as it should be.
 */
const runningQuery = ({ data }, stream) => {
  const queries = data.filter((query) => query.stream === stream)
  const found = queries.find(({ runId, lastError }) => runId !== null && lastError === null) ?? queries.find(({ state }) => forPeople.has(state))
  if (found !== undefined) return found
  const [{ state, lastError } = { state: 'not there yet' }] = queries
  throw new Error(`its query is ${state}${lastError ? `: ${lastError.message}` : ''}`)
}

/**
 * Waits until each stream can be read over REST and its query runs: answers, per stream, one view's path and its newest
 * row. The catalogue is asked for what there is, so that a new stream is waited for without a change here. On a slow
 * machine this takes minutes, so what is missing is said every now and then.
 */
export const firstWindows = async ({ queryApi, sparkBridge, ask, say, withinMs, sayEveryMs = 30_000, everyMs = 200 }) => {
  const missing = new Map()
  const waiting = { deadline: Date.now() + withinMs, everyMs, missing }
  const progress = setInterval(() => {
    for (const [what, found] of missing) say(`waiting for ${what}: ${found}`)
  }, sayEveryMs)
  try {
    const { data: streams } = await until('The catalogue', waiting, () => ask(`${queryApi}/v1/streams`))
    return await Promise.all(streams.map(async ({ name, views }) => {
      const { path } = views[0]
      return until(`${name} (${path})`, waiting, async () => {
        const row = (await ask(`${queryApi}${path}?limit=1`)).data[0]
        if (row === undefined) return undefined
        const { state, lastError } = runningQuery(await ask(`${sparkBridge}/v1/queries`), name)
        if (forPeople.has(state)) say(`${name} gets no new rows: its query is ${state}. ${lastError?.remedy ?? ''}`.trim())
        return { stream: name, path, row }
      })
    }))
  } finally {
    clearInterval(progress)
  }
}

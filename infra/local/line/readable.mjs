import { setTimeout as pause } from 'node:timers/promises'

const getJson = async (url) => {
  const answer = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(5_000) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${text.slice(0, 200)}`)
  return JSON.parse(text)
}

/** Tries until an answer comes that is not undefined; the deadline's error tells what was found last. */
const until = async (what, deadline, attempt) => {
  for (;;) {
    let found = 'no rows yet'
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      found = error.message
    }
    if (Date.now() > deadline) throw new Error(`${what} is not readable: ${found}. See: npm run status, npm run logs.`)
    await pause(200)
  }
}

/**
 * Waits until each view's stream can be read over REST: answers, per stream, one view's path and its newest row.
 * The catalogue is asked for what there is, so that a new stream is waited for without a change here.
 */
export const firstWindows = async (queryApi, withinMs) => {
  const deadline = Date.now() + withinMs
  const { data: streams } = await until('The catalogue', deadline, () => getJson(`${queryApi}/v1/streams`))
  return Promise.all(streams.map(async ({ name, views }) => {
    const { path } = views[0]
    const row = await until(`${name} (${path})`, deadline, async () => (await getJson(`${queryApi}${path}?limit=1`)).data[0])
    return { stream: name, path, row }
  }))
}

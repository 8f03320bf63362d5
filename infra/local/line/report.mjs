/** Progress as plain lines, one a step, with the time it took; `emit` is where they go. */
export const makeReport = (emit) => {
  const begun = Date.now()
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`
  const line = (name, text) => emit(`  ${name.padEnd(17)} ${text}`)
  return {
    say: emit,
    line,
    /** Runs a step; says when it begins only if it takes longer than a moment. */
    step: async (name, doing, done, work) => {
      const from = Date.now()
      const soon = setTimeout(() => line(name, `${doing} …`), 300)
      try {
        const answer = await work()
        const text = typeof done === 'function' ? done(answer) : done
        if (text !== undefined) line(name, `${text} (${seconds(Date.now() - from)})`)
        return answer
      } finally {
        clearTimeout(soon)
      }
    },
    total: () => seconds(Date.now() - begun),
  }
}

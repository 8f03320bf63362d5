/**
 * The flags that a command was given. One that it does not know is refused before anything is done: `stop --dry-run`
 * must not stop. `--help` is answered with the usage.
 */
export const readFlags = (usage, known, given = process.argv.slice(2)) => {
  if (given.includes('--help') || given.includes('-h')) {
    console.log(usage)
    process.exit(0)
  }
  const unknown = given.find((flag) => !known.includes(flag))
  if (unknown !== undefined) throw new Error(`${unknown} is not known.\n${usage}`)
  return new Set(given)
}

/** Names and texts, as a process gets them from whoever starts it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of this process. The only place that reads it. */
export function processEnvironment(): Environment {
  return process.env
}

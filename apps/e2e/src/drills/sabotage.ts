/**
 * Protections that can be switched off, to see that the drills see it. Only a line that runs for tests takes these; see
 * libs/service, `sabotage`.
 */
export const sabotages = ['cursor-before-ack', 'write-ahead-off', 'idempotent-producer', 'version-timestamp-off', 'spark-dedup-off', 'commitlog-periodic'] as const
export type Sabotage = (typeof sabotages)[number]

/** The settings that a line is started with for it. Throws for one that there is not. */
export function sabotageSettings(name: string): Readonly<Record<string, string>> {
  if (!(sabotages as readonly string[]).includes(name)) throw new Error(`There is no sabotage '${name}'. There are: ${sabotages.join(', ')}.`)
  return { MILLRACE_SABOTAGE: name, NODE_ENV: 'test' }
}

import { readSettings } from '@millrace/service'
import { refused } from '../provision.errors.ts'
import { provisionSettings } from '../provision.config.ts'
import type { Change, Target } from '../running/change.ts'
import { whenItAnswers } from '../running/when-it-answers.ts'
import type { Command } from './command.ts'
import { tellChange } from './tell-change.ts'

/**
 * Makes what runs what the catalogue declares: topics, roles, keyspace, tables. May be repeated, and does nothing where
 * nothing differs. All systems are looked at first: where one refuses, none is changed.
 */
export const apply: Command = async ({ targets, env, say }) => {
  const startedAt = performance.now()
  const { wait } = readSettings(provisionSettings, env)
  const all = targets()
  try {
    const patiently = <T>(target: Target, work: () => Promise<T>) => whenItAnswers(work, { deadlineMs: wait, onWait: ({ message }) => { say(`Waiting for ${target.name}: ${message}`) } })
    const planned = await Promise.all(all.map(async (target) => ({ target, changes: await patiently(target, () => target.plan()) })))
    const refusals = planned.flatMap(({ changes }) => changes).filter(({ action }) => action === 'refuse')
    if (refusals.length > 0) throw refused(refusals.map(({ what, detail }) => `${what}: ${detail}`))

    const differing = planned.filter(({ changes }) => changes.length > 0)
    const done = await Promise.all(differing.map(({ target }) => patiently(target, () => target.apply())))
    for (const change of done.flat<readonly (readonly Change[])[]>()) say(tellChange(change, 'done'))
    if (differing.length === 0) say(`Nothing to do: everything that runs is as declared (${Math.round(performance.now() - startedAt)} ms).`)
    return 0
  } finally {
    await Promise.all(all.map((target) => target.close()))
  }
}

import { readSettings } from '@millrace/service'
import { provisionSettings } from '../provision.config.ts'
import { whenItAnswers } from '../running/when-it-answers.ts'
import type { Command } from './command.ts'
import { tellChange } from './tell-change.ts'

/** What `apply` would change on the systems that run. Changes nothing; 1 where it would refuse. */
export const plan: Command = async ({ targets, env, say }) => {
  const { wait } = readSettings(provisionSettings, env)
  const changes = (await Promise.all(targets().map(async (target) => {
    try {
      return await whenItAnswers(() => target.plan(), { deadlineMs: wait, onWait: ({ message }) => { say(`Waiting for ${target.name}: ${message}`) } })
    } finally {
      await target.close()
    }
  }))).flat()
  for (const change of changes) say(tellChange(change, 'plan'))
  const isRefused = changes.some(({ action }) => action === 'refuse')
  if (changes.length === 0) say('Nothing to do: everything that runs is as declared.')
  else say(isRefused ? 'apply would refuse: nothing would be changed.' : `Do it with: npm run provision -- apply`)
  return isRefused ? 1 : 0
}

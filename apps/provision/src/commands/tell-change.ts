import type { Change } from '../running/change.ts'

const words = {
  plan: { create: 'would create', change: 'would change', refuse: 'would refuse' },
  done: { create: 'created', change: 'changed', refuse: 'refused' },
} as const

/** One change as a line. */
export const tellChange = ({ action, what, detail }: Change, when: keyof typeof words): string =>
  `${words[when][action]} ${what}${detail === '' ? '' : `: ${detail}`}`

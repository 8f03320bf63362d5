import { fileRules, rules } from './rules.mjs'

/**
 * What is wrong with a compose file, given as `docker compose config --format json` renders it:
 * `[{ where, rule, found, cure }]`, empty when nothing is. No message repeats a secret.
 */
export const lintCompose = (model) => [
  ...fileRules.flatMap(({ id, cure, found }) => found(model).map(([where, text]) => ({ where, rule: id, found: text, cure }))),
  ...Object.entries(model.services ?? {}).flatMap(([name, service]) =>
    rules.flatMap(({ id, cure, found }) => found(service, name, model).map((text) => ({ where: `services.${name}`, rule: id, found: text, cure })))),
]

/** One line a finding. */
export const describeFinding = ({ where, rule, found, cure }) => `${where}: ${found}. ${cure} (${rule})`

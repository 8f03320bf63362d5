const choices = ['native', 'containers']

/** Suites that need Spark as well, whose server reads Kafka by the address that Kafka advertises: they have the launcher's engines. */
const needSpark = new Set(['spark-connect', 'spark-bridge', 'e2e'])

/** Suites that need no roles and tables, either. */
const onlyKafka = new Set(['kafka'])

/**
 * The engines that a project's integration tests get in containers, by MILLRACE_TEST_ENGINES; none where it says `native`, or
 * nothing: then they have those that the launcher has started.
 */
export const chosenContainers = (env, project) => {
  const chosen = env.MILLRACE_TEST_ENGINES || 'native'
  if (!choices.includes(chosen)) throw new Error(`MILLRACE_TEST_ENGINES is '${chosen}'; one of ${choices.join(', ')} is expected.`)
  if (chosen === 'native') return []
  if (needSpark.has(project)) throw new Error(`The tests of ${project} need Spark; run them with MILLRACE_TEST_ENGINES=native.`)
  return onlyKafka.has(project) ? ['kafka'] : ['kafka', 'cassandra']
}

/** What the session of recounts is set to. A batch is large, so generated code pays, which the streams go without. */
export const recountSettings = (tasks: number): Readonly<Record<string, string>> => ({
  'spark.sql.shuffle.partitions': String(tasks),
  // Fields are told apart by case, as in the JSON of an event.
  'spark.sql.caseSensitive': 'true',
  'spark.sql.session.timeZone': 'UTC',
})

/** What a session is set to before its queries start. Not part of the plan: another value goes on from the same checkpoint. */
export const windowQuerySettings: Readonly<Record<string, string>> = {
  // Frozen in the checkpoint at its first batch. More than one pays only beyond one machine.
  'spark.sql.shuffle.partitions': '1',
  // Generated code pays for large batches; for small ones compiling it costs more than all the rest.
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  // Hadoop's own manager forks a process for every rename where its native library is missing.
  'spark.sql.streaming.checkpointFileManagerClass': 'org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager',
  'spark.sql.streaming.checkpoint.fileChecksum.enabled': 'false',
  // Fields are told apart by case, as in the JSON of an event.
  'spark.sql.caseSensitive': 'true',
  // What a poll reads each time: enough batches that none is missed, few enough to be cheap.
  'spark.sql.streaming.numRecentProgressUpdates': '8',
  'spark.sql.session.timeZone': 'UTC',
}

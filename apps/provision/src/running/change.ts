/** What must happen to a system that runs, or what cannot. */
export interface Change {
  readonly action: 'create' | 'change' | 'refuse'
  /** `topic trades.v1`, `table trades_per_minute_v1`, `role millrace_writer` */
  readonly what: string
  /** As it reads behind it: `2 partitions`. For a refusal: what was found, and the cure. */
  readonly detail: string
}

/** A running system that is made what the catalogue declares. */
export interface Target {
  readonly name: string
  /** What `apply` would do, and what it would refuse; nothing to do is no change. Changes nothing. */
  plan(): Promise<readonly Change[]>
  /** Does it and tells what was done. Refusals are found before anything is changed, see `plan`. */
  apply(): Promise<readonly Change[]>
  close(): Promise<void>
}

const plain = /^[a-z_][a-z0-9_]*$/

/** Words that CQL takes for its own unless they are quoted. */
const reserved = new Set(
  ('add allow alter and apply asc authorize batch begin by columnfamily create default delete desc describe drop entries execute from full grant if in index '
    + 'infinity insert into is keyspace limit materialized mbean mbeans modify nan norecursive not null of on or order primary rename replace revoke schema '
    + 'select set table to token truncate unlogged unset update use using view where with').split(' '),
)

/** A name as it stands in CQL: quoted only where it must be. */
export const identifier = (name: string): string => (plain.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`)

/** A text as it stands in CQL, for the few statements that take no parameters. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

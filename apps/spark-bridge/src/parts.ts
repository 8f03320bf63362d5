/** What the bridge is made of, for the simulation, which puts it together over systems of its own. */
export { QueryServer, type EventTopics } from './ports.ts'
export type { Surroundings } from './supervise/surroundings.ts'
export { Supervisor } from './supervise/supervisor.ts'

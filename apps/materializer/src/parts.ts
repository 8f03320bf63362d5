/** What the materializer is made of, for the simulation, which puts it together over systems of its own. */
export { LetterIntake } from './letter-intake.ts'
export { TopicRoutes } from './topic-routes.ts'
export { WindowIntake } from './window-intake.ts'
export { WindowWriters } from './window-writers.ts'

/** The plan as data, without the client: what `provision` needs of this library. */
export { windowPlan } from './window-plan.ts'
export { planText, type PlanStep, type WindowPlan } from './plan-data.ts'
export { planHash } from './plan-hash.ts'

export { readModel, type ReadModel } from './inp/read-model.js'
export { InpError, type InpFault } from './inp/rows.js'
export type * from './model.js'
export { runHydrology, type HydrologyRun } from './run.js'

/** The indicators this page shows, by the ids of `GET /api/v1/indicators`. */
export const INDICATOR = {
  captureRatio: 'measured-capture-ratio',
  runoffCoefficient: 'event-runoff-coefficient',
  ponding: 'ponding',
} as const

import type { AssessedItem } from '../../api/assessment-contract.js'
import type { Assessment, Shown } from '../../state/assessment.js'

/** What shows one item of a document. */
export interface ItemProps {
  readonly assessment: Assessment
  readonly shown: Shown
  readonly item: AssessedItem
}

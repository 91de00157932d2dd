import { useSignal } from '@preact/signals'
import type { AssessedItem, Figures, Finding } from '../../api/assessment-contract.js'
import type { IndicatorResult } from '../../api/contract.js'
import { useLocale } from '../../i18n/locale.js'
import { Unverified } from '../../parts/unverified.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment } from '../../state/assessment.js'
import {
  InputTable,
  ParameterTable,
  ResultCoverage,
  ResultFacts,
  ResultNotes,
  valueText,
} from '../result-evidence.js'
import { FigureValues } from './figure-values.js'
import { ownParameters, parametersDescribed } from './method.js'
import { ResultTable } from './result-table.js'
import { subjectName } from './subject-name.js'

export interface FindingEvidenceProps {
  readonly assessment: Assessment
  readonly item: AssessedItem
  readonly finding: Finding
  /** Whether it is unfolded at first. */
  readonly isOpen: boolean
}

/** All that one finding rests on, so that it can be redone by hand; drawn once it is unfolded. */
export function FindingEvidence({ assessment, item, finding, isOpen }: FindingEvidenceProps) {
  const words = useLocale()
  const isUnfolded = useSignal(isOpen)
  const { subject, result, figures } = finding
  return (
    <details
      class="finding-fold"
      id={findingId(subject)}
      data-finding={subject}
      open={isUnfolded.value}
      onToggle={(event) => {
        isUnfolded.value = event.currentTarget.open
      }}
    >
      <summary class="finding-head">
        <h3>{subjectName(assessment.city, subject, words)}</h3>
        <span class="finding-value">{valueText(finding.value, item.unit, words)}</span>
        <Verdict code={finding.verdict} />
      </summary>
      {isUnfolded.value && (
        <div class="finding">
          <p class="indicator-reason">{words.text(finding.reason)}</p>
          {result !== null && (
            <ResultSections assessment={assessment} item={item} result={result} />
          )}
          {figures !== null && <FigureSections figures={figures} />}
        </div>
      )}
    </details>
  )
}

export function findingId(subject: string): string {
  return `finding-${subject}`
}

/** Unfolds a finding before a link goes to it. */
export function unfold(subject: string): void {
  const found = document.getElementById(findingId(subject))
  if (found instanceof HTMLDetailsElement) found.open = true
}

function ResultSections(props: {
  readonly assessment: Assessment
  readonly item: AssessedItem
  readonly result: IndicatorResult
}) {
  const { assessment, item, result } = props
  const words = useLocale()
  const own = ownParameters(item, result)
  return (
    <>
      <ResultCoverage result={result} />
      <ResultFacts result={result} />
      {result.withoutSuspect === null && <p class="fine">{words.t('assess.noSuspect')}</p>}
      {result.uncertainty === null && <p class="fine">{words.t('assess.noInterval')}</p>}
      <h4>{words.t('indicator.inputs', { n: result.inputs.length })}</h4>
      <InputTable result={result} />
      {Object.keys(own).length > 0 && (
        <>
          <h4>{words.t('assess.ownParameters')}</h4>
          <ParameterTable parameters={own} described={parametersDescribed(assessment, result)} />
        </>
      )}
      <h4>{words.t('assess.table', { n: result.table.length })}</h4>
      <ResultTable result={result} />
      {result.notes.length > 0 && (
        <>
          <h4>{words.t('indicator.notes')}</h4>
          <ResultNotes result={result} />
        </>
      )}
    </>
  )
}

function FigureSections({ figures }: { readonly figures: Figures }) {
  const words = useLocale()
  return (
    <>
      <h4>
        {words.t('indicator.formula')} {figures.unverified && <Unverified />}
      </h4>
      <p class="rule">{words.text(figures.words)}</p>
      <p class="fine">{figures.formula}</p>
      <h4>{words.t('assess.figureInputs')}</h4>
      <FigureValues of={figures.inputs} caption={words.t('assess.figureInputs')} />
      <h4>{words.t('assess.figureSteps')}</h4>
      <FigureValues of={figures.steps} caption={words.t('assess.figureSteps')} />
    </>
  )
}

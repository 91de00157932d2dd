import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with what was entered; said to screen readers at once. */
  readonly fault?: string | undefined
  /** The control; it must carry these ids. */
  readonly children: (control: ControlIds) => ComponentChildren
}

export interface ControlIds {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: 'true'
}

/** A control with its label, hint and fault tied to it. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId()
  const said = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(fault === undefined ? [] : [`${id}-fault`]),
  ]
  const control: ControlIds = {
    id,
    ...(said.length === 0 ? {} : { 'aria-describedby': said.join(' ') }),
    ...(fault === undefined ? {} : { 'aria-invalid': 'true' }),
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(control)}
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="field-fault" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
}

export interface SelectFieldProps {
  readonly label: string
  readonly options: readonly Option[]
  readonly value: string | null
  readonly onChoose: (value: string) => void
}

/** A labelled choice from a list. */
export function SelectField({ label, options, value, onChoose }: SelectFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          value={value ?? ''}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export interface FormProps {
  readonly label: string
  readonly submit: string
  readonly onSubmit: () => void
  readonly children: ComponentChildren
}

/** Fields with one button; Enter submits, the browser's own checks stay off in favour of Field's faults. */
export function Form({ label, submit, onSubmit, children }: FormProps) {
  return (
    <form
      class="form"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <button type="submit" class="button button-main">
        {submit}
      </button>
    </form>
  )
}

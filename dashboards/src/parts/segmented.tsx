export interface SegmentedProps<T extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string; readonly lang?: string }[]
  readonly value: T
  readonly onChoose: (value: T) => void
}

/** One of a few: buttons in a row, the chosen one pressed. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  return (
    <div class="segmented" role="group" aria-label={props.label}>
      {props.options.map((option) => (
        <button
          type="button"
          key={option.value}
          lang={option.lang}
          aria-pressed={option.value === props.value}
          onClick={() => props.onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}

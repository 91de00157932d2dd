import type { ComponentChildren } from 'preact'
import { useLocale } from '../../i18n/locale.js'
import type { Assessment, Shown } from '../../state/assessment.js'

export interface ItemLinkProps {
  readonly assessment: Assessment
  readonly shown: Shown
  readonly id: string
  readonly class?: string
  readonly children?: ComponentChildren
}

/** Opens an item on this page; a link, so that it can be copied, or opened beside. */
export function ItemLink({ assessment, shown, id, class: style, children }: ItemLinkProps) {
  const words = useLocale()
  const item = shown.document.items.find((candidate) => candidate.id === id)
  return (
    <a
      class={style}
      href={assessment.itemHref(id)}
      aria-current={assessment.itemId.value === id ? 'true' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        assessment.chooseItem(id)
        // The heading takes the focus when it is new; an item that is open already is gone to here.
        document.getElementById('item-title')?.focus()
      }}
    >
      {children ?? (item === undefined ? id : words.text(item.name))}
    </a>
  )
}

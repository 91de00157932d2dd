import type { ComponentChildren } from 'preact'

export interface CardProps {
  /** Unique on the page; the heading's id, so that the region has a name. */
  readonly id: string
  readonly title: ComponentChildren
  /** Small facts or controls at the right end of the heading. */
  readonly aside?: ComponentChildren
  readonly children: ComponentChildren
}

/** A titled region of a page. */
export function Card({ id, title, aside, children }: CardProps) {
  return (
    <section class="card" aria-labelledby={`${id}-title`} id={id}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside !== undefined && <div class="card-aside">{aside}</div>}
      </header>
      <div class="card-body">{children}</div>
    </section>
  )
}

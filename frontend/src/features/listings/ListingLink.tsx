import { useNavigate } from '@tanstack/react-router'
import { memo, type MouseEvent, type ReactNode } from 'react'

interface ListingLinkProps {
  id: number
  className: string
  children: ReactNode
}

/**
 * The way from a row to its listing.  The router's own Link follows every change of the address,
 * to know whether it leads where one is: too much for each of a hundred rows at every letter typed.
 */
export const ListingLink = memo(function ListingLink({ id, className, children }: ListingLinkProps) {
  const navigate = useNavigate()
  const open = (event: MouseEvent) => {
    const isAside = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (isAside || event.button !== 0) return // the browser's own: another tab, another window
    event.preventDefault()
    void navigate({ to: '/listings/$id', params: { id: String(id) } })
  }
  return (
    <a href={`/listings/${id}`} className={className} onClick={open}>
      {children}
    </a>
  )
})

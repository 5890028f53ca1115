import '@/ui/page.css'

import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { client } from '@/app/client'
import { firstAnswers } from '@/app/first'
import { router } from '@/app/router'

Error.stackTraceLimit = 10 // early.js set it to 0 while all this was loaded

// Not awaited by this module itself: pages that load later import from it, and would wait for ever.
/** Draw the page, once what it begins with is there. */
async function begin(place: HTMLElement): Promise<void> {
  await Promise.all([router.load(), firstAnswers(client)])
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}

const place = document.getElementById('app')
if (!place) throw new Error('index.html lacks its #app.')
void begin(place)

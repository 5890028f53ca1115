// What cannot wait until the page is there; api/early.ts takes over what was asked.

// The theme that was chosen here, before the first paint; without one the system's wish holds.
try {
  var theme = localStorage.getItem('cratewise.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing shows the system's theme.
}

// Libraries make errors while they load, to throw them later: for the lines of each the browser
// would read the whole script once more.  main.tsx sets it back.
Error.stackTraceLimit = 0

// The first questions are asked while the script is read.  Where many sign in it is not known yet
// whether somebody did, and a stranger's would be refused.
cratewiseAsked = new Map()
var paths = ['session']
if (location.pathname === '/' && !('shared' in document.documentElement.dataset)) {
  paths.push('home', 'taste', 'listings?limit=10', 'settings', 'discogs')
}
for (var path of paths) {
  var asked = fetch('/api/v1/' + path)
  asked.catch(() => undefined) // whoever takes it over sees that it failed
  cratewiseAsked.set('/api/v1/' + path, asked)
}

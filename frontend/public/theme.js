// The theme that was chosen here, before the first paint; without one the system's wish holds.
try {
  var theme = localStorage.getItem('cratewise.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing shows the system's theme.
}

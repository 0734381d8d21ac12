// Sets the chosen theme before the first paint. A file of its own because inline scripts are forbidden here.
try {
  const theme = localStorage.getItem("parlor.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}

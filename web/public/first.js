// What cannot wait for the program: the chosen look before the first paint, and the words of the chosen language, which
// would otherwise be asked for only when the program has come. A file of its own because inline scripts are forbidden.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    const read = (name) => localStorage.getItem(`parlor.${name}`);
    kept = { language: read("language") };
    // `src/app/look.ts` keeps them.
    for (const name of ["theme", "contrast", "density", "messages", "text"]) {
      const value = read(name);
      if (value !== null) root.dataset[name] = value;
    }
  } catch {
    // Storage is blocked: the system's look and the browser's language it is.
  }

  // Written there by the build: language to address.
  const words = JSON.parse(document.currentScript.dataset.words ?? "{}");
  const asked = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
  const language = [kept.language, ...asked].find((one) => Object.hasOwn(words, one)) ?? "en";
  if (!words[language]) return;
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = words[language];
  document.head.append(link);
})();

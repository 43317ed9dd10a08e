// Chooses light or dark before the first paint; a classic script, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const remembered = () => {
    try { return localStorage.getItem("edgewise.theme"); } catch { return null; }
  };
  const choose = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (theme || "system")));
    }
  };
  choose(remembered());
  document.addEventListener("DOMContentLoaded", () => choose(remembered()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-choice]");
    if (!button) return;
    const theme = button.dataset.themeChoice;
    try {
      if (theme === "system") localStorage.removeItem("edgewise.theme");
      else localStorage.setItem("edgewise.theme", theme);
    } catch { /* private window: the choice lasts for this page */ }
    choose(theme);
  });
})();

(() => {
  const say = (message) => parent.postMessage(message, "*");
  const page = document.documentElement;
  const measure = () => say({ aparte: "height", height: Math.ceil(page.getBoundingClientRect().height) });
  const clicked = (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    if (event.button !== 2) say({ aparte: "link", href: link.getAttribute("href") });
  };
  const button = document.querySelector("body > button");
  const quoted = document.getElementById("quoted");
  if (button) {
    button.addEventListener("click", () => {
      quoted.hidden = !quoted.hidden;
      button.setAttribute("aria-expanded", String(!quoted.hidden));
    });
  }
  addEventListener("click", clicked, true);
  addEventListener("auxclick", clicked, true);
  addEventListener("dragstart", (event) => event.preventDefault(), true);
  addEventListener("load", measure);
  new ResizeObserver(measure).observe(page);
})();

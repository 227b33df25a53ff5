// Keeps the live parts of a page up to date. Without it, the page says the same once it is loaded again.
(() => {
  "use strict";
  const live = document.querySelector("[data-live]");
  if (!live || !window.EventSource || !window.fetch) return;

  let seen = null;
  let loading = null;
  let again = false;

  const source = new EventSource(live.dataset.live);
  source.addEventListener("version", (event) => {
    if (event.data === seen) return;
    seen = event.data;
    refresh();
  });
  source.addEventListener("over", () => source.close());

  // What goes on by itself, as the length of a session: seconds between two looks.
  let beat = 0;
  keepBeat();

  function keepBeat() {
    const every = Number(document.querySelector("[data-every]")?.dataset.every || 0);
    if (every === beat) return;
    beat = every;
    if (every) setTimeout(tick, every * 1000);
  }

  function tick() {
    const every = beat;
    beat = 0;
    if (every) refresh();
  }

  // Over once the page shows what was so when this was asked for.
  function refresh() {
    again = true;
    loading ??= load().finally(() => (loading = null));
    return loading;
  }

  async function load() {
    while (again) {
      again = false;
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Omea-Live": "1" } });
        if (answer.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch {
        // The network is away: the next version, or the next beat, brings it.
      }
    }
    keepBeat();
  }

  function show(fresh) {
    document.title = fresh.title;
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.getElementById(part.id);
      if (!other || told(part) === told(other) || isFilledIn(part)) continue;
      // Nothing is taken away under somebody's fingers, nor what they have typed; a link keeps its focus.
      const held = part.contains(document.activeElement) ? document.activeElement : null;
      if (held && (held.matches(":active") || !linkLike(held, other))) continue;
      part.innerHTML = other.innerHTML;
      if (held) linkLike(held, part).focus({ preventScroll: true });
    }
  }

  function linkLike(held, part) {
    return [...part.querySelectorAll("a[href]")].find((link) => link.href === held.href);
  }

  function isFilledIn(part) {
    return [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(
      (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
    );
  }

  // A call is noted while the telephone dials; without this, the page that comes back has the number.
  document.addEventListener("submit", async (event) => {
    const dials = event.target.dataset.dials;
    if (!dials) return;
    event.preventDefault();
    const sent = new URLSearchParams(new FormData(event.target));
    location.href = dials;
    try {
      const answer = await fetch(event.target.action, { method: "POST", body: sent, headers: { Accept: "text/html" } });
      // What was refused, the page says that comes back to the form itself.
      if (!answer.ok) return event.target.submit();
    } catch {
      // The network is away: the call is made all the same.
    }
    // What has the focus is not replaced; the number is what may be wanted next.
    document.activeElement.blur();
    await refresh();
    document.querySelector("[data-dials] a")?.focus();
  });

  // Forms have a new key each time, which says nothing new.
  function told(part) {
    return part.innerHTML.replace(/name="key" value="[^"]*"/g, "");
  }
})();

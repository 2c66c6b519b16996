(() => {
  "use strict";
  let seen = null;
  const events = new EventSource("/~events");
  events.addEventListener("version", (event) => {
    if (seen !== null && seen !== event.data) location.reload();
    seen = event.data;
  });
})();

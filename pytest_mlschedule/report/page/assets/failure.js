// What goes wrong is said on the page: a page that looks whole and is not would mislead.
addEventListener("error", (event) => {
  const place = document.getElementById("failure");
  place.hidden = false;
  place.textContent = `Something on this page could not be drawn: ${event.message.replace(/\.*$/, ".")} It needs a browser of 2023 or later.`;
});

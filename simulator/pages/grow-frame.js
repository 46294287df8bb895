/**
 * Lets the frame grow with the connector's document in it, as docs/deployment.md shows to whoever
 * has a page around the connector.
 */

const frame = document.querySelector("iframe[data-grows-for]");
const highest = 10_000;

addEventListener("message", ({ origin, data }) => {
  // Any page may send a message: what counts is whose it is, and that it is a height.
  if (
    !(frame instanceof HTMLIFrameElement) ||
    origin !== frame.dataset["growsFor"] ||
    data?.type !== "reauth:height"
  )
    return;
  const height = Number(data.height);
  if (height > 0 && height <= highest) frame.style.blockSize = `${height}px`;
});

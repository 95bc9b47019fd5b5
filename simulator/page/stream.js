/** The live stream of the simulator: one WebSocket that comes back by itself. */

const FIRST_DELAY_MS = 400;
const MAX_DELAY_MS = 5000;

/**
 * @param {{onEvent: (event: object) => void, onOpen: (again: boolean) => void, onDown: () => void}} listener
 *   `onOpen` gets true when the stream had been open before, so that what was missed can be fetched.
 */
export function openStream(listener) {
  const address = new URL("/api/stream", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  let delay = FIRST_DELAY_MS;
  let openedBefore = false;

  function connect() {
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      delay = FIRST_DELAY_MS;
      listener.onOpen(openedBefore);
      openedBefore = true;
    });
    socket.addEventListener("message", (frame) => {
      const event = parse(frame.data);
      if (event) listener.onEvent(event);
    });
    socket.addEventListener("close", () => {
      listener.onDown();
      setTimeout(connect, delay);
      delay = Math.min(delay * 1.7, MAX_DELAY_MS);
    });
  }

  connect();
}

function parse(data) {
  try {
    const event = JSON.parse(data);
    return typeof event?.type === "string" ? event : null;
  } catch {
    return null;
  }
}

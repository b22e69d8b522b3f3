// The socket carries one thing: a change number. What changed is read from the page itself.

const LATER = [1000, 2000, 5000, 15_000, 30_000];
const GONE = [4401, 4403]; // signed out, or not a moderator any more

/** Call *heard* with each number; call it with Infinity after a gap, when anything may have changed. */
export function listen(heard) {
  let failures = 0;
  let everOpen = false;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/desk/`);
    socket.addEventListener("open", () => {
      failures = 0;
      if (everOpen) heard(Infinity);
      everOpen = true;
    });
    socket.addEventListener("message", (event) => heard(Number(JSON.parse(event.data).rev)));
    socket.addEventListener("close", (event) => {
      if (GONE.includes(event.code)) return heard(Infinity);
      setTimeout(connect, LATER[Math.min(failures, LATER.length - 1)]);
      failures += 1;
    });
  }

  connect();
}

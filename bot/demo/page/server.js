/** Talking with the local Telegram: one reading of everything, then what happens, as it happens. */

const RETRY_AFTER = [500, 1000, 2000, 4000];

/** Sends what somebody did. Gives the answer, or throws an Error whose message can be shown. */
export async function post(path, body = {}) {
  const form = body instanceof FormData;
  const answer = await reach(path, {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { "Content-Type": "application/json" },
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || said.ok === false) throw new Error(said.error || "Dat lukte niet. Probeer het nog eens.");
  return said;
}

async function reach(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new Error("Geen verbinding met Digihulp. Probeer het zo nog eens.");
  }
}

/**
 * Follows the server until the page closes. First the events are opened, then everything is read, so nothing
 * falls between the two; what came in meanwhile is told after it. Gives a function that retries at once.
 */
export function follow({ onEverything, onEvent, onLost }) {
  let source = null;
  let failures = 0;
  let timer = 0;

  function connect() {
    clearTimeout(timer);
    source?.close();
    let waiting = [];
    const mine = (source = new EventSource("/phones/events"));
    mine.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (waiting) waiting.push(event);
      else onEvent(event);
    };
    mine.onopen = async () => {
      const everything = await readPhones();
      if (mine !== source) return;
      if (!everything) return lose(mine);
      failures = 0;
      onEverything(everything);
      for (const event of waiting) onEvent(event);
      waiting = null;
    };
    mine.onerror = () => lose(mine);
  }

  function lose(which) {
    if (which !== source) return;
    source.close();
    source = null;
    onLost();
    timer = setTimeout(connect, RETRY_AFTER[Math.min(failures, RETRY_AFTER.length - 1)]);
    failures += 1;
  }

  connect();
  return connect;
}

async function readPhones() {
  try {
    const answer = await fetch("/phones", { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

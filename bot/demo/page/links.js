/** Web addresses that mean something to a phone itself: those that start this bot, and those that send a link on. */

/** What a link starts this bot with: "" for nothing in particular, null when it is another link. */
export function startOf(url, username) {
  const link = telegramLink(url);
  if (!link || !username || pathOf(link) !== username.toLowerCase()) return null;
  return link.searchParams.get("start") ?? "";
}

/** What a link of Telegram's share button sends on: its address and words; null when it is another link. */
export function shareOf(url) {
  const link = telegramLink(url);
  const shared = link && ["share/url", "share"].includes(pathOf(link)) ? link.searchParams.get("url") : null;
  return shared ? { url: shared, words: link.searchParams.get("text") ?? "" } : null;
}

function telegramLink(url) {
  const link = URL.canParse(url) ? new URL(url) : null;
  return link?.hostname === "t.me" ? link : null;
}

const pathOf = (link) => link.pathname.replace(/^\/|\/$/g, "").toLowerCase();

// The chief's board asks again every fifteen seconds; when nothing has changed the answer is empty.

const board = document.querySelector("[data-watch]");
let tag = "";

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch("?part=board", { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") ?? "";
    board.innerHTML = await answer.text();
  } catch {
    // No network: the board stays as it was and is asked for again.
  }
}

if (board) window.setInterval(ask, 15000);

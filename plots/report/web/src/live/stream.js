// follow asks the server for all that follows, or with "brief" for the cap alone, and passes on
// every part of the answer as it comes. The signal ends it.
export async function follow(path, signal, take, what = "all") {
  const response = await fetch(path, { headers: { "X-Budget": what }, signal }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Error("budget serve does not answer. Start it again, and open the address that it prints; all after the ? can be copied to it.");
  });
  if (!response.ok) throw new Error(await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) take(JSON.parse(line));
  }
}

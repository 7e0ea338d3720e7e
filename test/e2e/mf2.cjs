// Reads {"url": …, "html": …} from standard input and prints what a microformats parser finds.
const { mf2 } = require("microformats-parser");
let text = "";
process.stdin.on("data", (d) => (text += d)).on("end", () => {
  const pages = JSON.parse(text);
  process.stdout.write(JSON.stringify(pages.map((p) => mf2(p.html, { baseUrl: p.url }))));
});

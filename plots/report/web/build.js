// Bundles the script and the style of the report into ../page/assets, and those of the live page into
// ../../live/assets, from where the program embeds them. The licence of what is bundled stands at the head of both.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build } from "esbuild";

const licence = (await readFile("node_modules/uplot/LICENSE", "utf8")).trim();
const head = `/*! In here is uPlot, https://github.com/leeoniya/uPlot\n${licence}\n*/`;

const { outputFiles } = await build({
  entryPoints: { "report/page/assets/report": "src/main.js", "live/assets/live": "src/live/main.js" },
  outdir: process.argv[2] ?? "../..",
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome103", "firefox113", "safari16.4"],
  banner: { js: head, css: head },
  legalComments: "none",
  write: false,
});
for (const file of outputFiles) {
  await mkdir(dirname(file.path), { recursive: true });
  await writeFile(file.path, file.contents);
}

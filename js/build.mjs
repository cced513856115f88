// Builds static/ from scss/, js/ and the npm packages: node js/build.mjs (or: make assets).
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { compile } from "sass";

const fonts = [
  ...[400, 600, 700].flatMap((weight) =>
    ["khmer", "latin", "latin-ext"].map((script) => ["kantumruy-pro", `kantumruy-pro-${script}-${weight}-normal`]),
  ),
  ["moul", "moul-khmer-400-normal"],
  ["source-serif-4", "source-serif-4-latin-600-normal"],
];

mkdirSync("static/fonts", { recursive: true });
for (const [family, file] of fonts) {
  copyFileSync(`node_modules/@fontsource/${family}/files/${file}.woff2`, `static/fonts/${file}.woff2`);
  copyFileSync(`node_modules/@fontsource/${family}/LICENSE`, `static/fonts/${family}-OFL.txt`);
}

// A changed picture or font gets a new address, so that browsers may keep the old one for ever.
const versioned = (css) =>
  css.replace(/url\("?([^")?]+)"?\)/g, (_, path) => {
    const hash = createHash("sha256")
      .update(readFileSync(`static/${path}`))
      .digest("hex")
      .slice(0, 10);
    return `url("${path}?v=${hash}")`;
  });

const { css } = compile("scss/app.scss", { style: "compressed", loadPaths: ["node_modules"], quietDeps: true });
writeFileSync("static/app.css", versioned(css));

await build({
  entryPoints: ["js/app.mjs", "js/passkeys.mjs"],
  outdir: "static",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  legalComments: "none",
});

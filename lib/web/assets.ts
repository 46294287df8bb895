import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type Theme, themed } from "./theme.ts";

/**
 * A file of `public/`, or several as one, as it is sent: compressed once, named by its content,
 * cached for good.
 */
export interface Asset {
  /** What it is made of in `public/`. */
  files: readonly string[];
  /** For example `wizard-1a2b3c4d5e.js`. */
  name: string;
  type: string;
  /** For the `integrity` of whoever loads it (Subresource Integrity). */
  integrity: string;
  encodings: Readonly<Record<"br" | "gzip" | "identity", Buffer<ArrayBuffer>>>;
}

const types = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
} as const;

/** The content of a file of `public/`. */
export function publicFile(file: string): string {
  return readFileSync(path.join(/* turbopackIgnore: true */ process.cwd(), "public", file), "utf8");
}

function asset(name: string, files: readonly string[], content: string): Asset {
  const { name: stem, ext } = path.parse(name);
  return {
    files,
    name: `${stem}-${createHash("sha256").update(content).digest("hex").slice(0, 10)}${ext}`,
    type: types[ext as keyof typeof types],
    integrity: `sha256-${createHash("sha256").update(content).digest("base64")}`,
    encodings: {
      br: Buffer.from(
        brotliCompressSync(content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
        }),
      ),
      gzip: Buffer.from(gzipSync(content, { level: 9 })),
      identity: Buffer.from(content),
    },
  };
}

/**
 * The look of the screens by subject, each file in the colours and sizes of tokens.css; in this
 * order they are one.
 */
export const lookFiles = ["page", "buttons", "steps", "fields", "content", "media"].map(
  (subject) => `wizard/${subject}.css`,
);

/**
 * The one style sheet of the wizard, with a theme's colours in it. Comments are for their authors
 * and not for the wire.
 */
export function styleAsset(theme: Theme): Asset {
  const style = themed(publicFile("tokens.css"), theme) + lookFiles.map(publicFile).join("\n");
  return asset(
    "wizard.css",
    ["tokens.css", ...lookFiles],
    style.replace(/ *\/\*[\s\S]*?\*\/\n?/g, ""),
  );
}

/** The two assets of the wizard's documents. */
export function loadAssets(theme: Theme) {
  return {
    script: asset(
      "wizard.js",
      ["wizard.js"],
      publicFile("wizard.js")
        .replace(/^ *\/\/.*\n/gm, "")
        .replace(/ *\/\*\*[\s\S]*?\*\/\n?/g, ""),
    ),
    style: styleAsset(theme),
  };
}

export type WizardAssets = ReturnType<typeof loadAssets>;

/** An asset that was asked for; one that is not `named` stands in for it. */
export interface FoundAsset {
  asset: Asset;
  named: boolean;
}

const anyStyle = /^wizard-[0-9a-f]{10}\.css$/;

/**
 * What `/assets/<name>` is.
 * @param bankStyle style sheets in the colours of single banks, which come and go with the file of
 *   banks. One of a bank that another replica has read of already, or of another release, is ours
 *   for once: better than bare.
 */
export function findAsset(
  name: string,
  assets: WizardAssets,
  bankStyle: (name: string) => Asset | undefined,
): FoundAsset | undefined {
  const asset = Object.values(assets).find((each) => each.name === name) ?? bankStyle(name);
  if (asset) return { asset, named: true };
  return anyStyle.test(name) ? { asset: assets.style, named: false } : undefined;
}

/** The headers of an asset, apart from those about its encoding. */
export const assetHeaders = ({ asset, named }: FoundAsset): Record<string, string> => ({
  "content-type": asset.type,
  // Another content has another name; what stands in for it is nobody's to keep.
  "cache-control": named ? "public, max-age=31536000, immutable" : "no-store",
  "x-content-type-options": "nosniff",
  // A wizard document may stand in another origin's body; a module script is then fetched with
  // CORS.
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
});

/** The best of our encodings that the caller accepts (RFC 9110 §12.5.3). */
export function chooseEncoding(acceptEncoding: string | null): keyof Asset["encodings"] {
  const accepted = (acceptEncoding ?? "").split(",").map((coding) => coding.trim().toLowerCase());
  return accepted.includes("br") ? "br" : accepted.includes("gzip") ? "gzip" : "identity";
}

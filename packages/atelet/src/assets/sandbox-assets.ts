import {
  type atelet,
  InvalidInput,
  validateAssetHash,
  validateDns1123Label,
} from "@agent-substrate/contract";

/** What the sandboxes of a class run on, for one architecture. */
export interface SandboxAssets {
  readonly sandboxClass: string;
  readonly files: Readonly<Record<string, AssetFile>>;
}

export interface AssetFile {
  readonly url: string;
  /** 64 lower-case hex characters. */
  readonly sha256: string;
}

const filesMax = 64;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Takes what concerns this architecture. InvalidInput where there is nothing for it. */
export function parseSandboxAssets(
  field: string,
  assets: atelet.SandboxAssets | undefined,
  architecture: string,
): SandboxAssets {
  if (!assets) throw new InvalidInput(field, "is required");
  const sandboxClass = validateDns1123Label(`${field}.sandbox_class`, assets.sandboxClass);
  const forHere = assets.assets[architecture];
  if (!forHere && Object.keys(assets.assets).length > 0) {
    throw new InvalidInput(`${field}.assets`, `has nothing for ${architecture}`);
  }
  return { sandboxClass, files: parseAssetFiles(`${field}.assets.${architecture}`, forHere?.files ?? {}) };
}

/** Checks names, addresses and digests of files. */
export function parseAssetFiles(
  field: string,
  files: Readonly<Record<string, { readonly url: string; readonly sha256: string }>>,
): Record<string, AssetFile> {
  const entries = Object.entries(files);
  if (entries.length > filesMax) throw new InvalidInput(field, `has more than ${filesMax} files`);
  return Object.fromEntries(
    entries.map(([name, { url, sha256 }]) => {
      if (!namePattern.test(name)) throw new InvalidInput(field, `${JSON.stringify(name)} is no asset name`);
      return [
        name,
        {
          url: parseUrl(`${field}.${name}.url`, url),
          sha256: validateAssetHash(`${field}.${name}.sha256`, sha256),
        },
      ];
    }),
  );
}

function parseUrl(field: string, text: string): string {
  const url = URL.parse(text);
  // A URL may hold a password; it is not repeated.
  if (!url || !["file:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "") {
    throw new InvalidInput(field, "should be a file:// or https:// URL without a password");
  }
  return text;
}

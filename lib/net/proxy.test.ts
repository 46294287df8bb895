import { expect, test } from "vitest";
import { dropEmptyProxyVariables, goesThroughProxy, type ProxyVariables } from "./proxy.ts";

const proxy = "http://proxy.internal:3128";
test.each<[what: string, url: string, variables: ProxyVariables, proxied: boolean]>([
  ["no variable", "https://id.sage.com/", {}, false],
  ["an empty one", "https://id.sage.com/", { HTTPS_PROXY: "" }, false],
  ["a proxy for https", "https://id.sage.com/", { HTTPS_PROXY: proxy }, true],
  ["a proxy for https, and http", "http://bank.example/", { HTTPS_PROXY: proxy }, false],
  [
    "a proxy for http, which serves https, too",
    "https://id.sage.com/",
    { HTTP_PROXY: proxy },
    true,
  ],
  ["a name in lower case", "https://id.sage.com/", { https_proxy: proxy }, true],
  [
    "an empty one in lower case, which counts as not set",
    "https://id.sage.com/",
    { https_proxy: "", HTTPS_PROXY: proxy },
    true,
  ],
  [
    "no exception in lower case, which counts as not set",
    "https://bank.internal/",
    { HTTPS_PROXY: proxy, no_proxy: "", NO_PROXY: "*" },
    false,
  ],
  [
    "an exception in lower case, which wins",
    "https://bank.internal/",
    { HTTPS_PROXY: proxy, no_proxy: "other.example", NO_PROXY: "*" },
    true,
  ],
  ["everything excepted", "https://id.sage.com/", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, false],
  [
    "the host excepted",
    "https://bank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: "other.example, bank.internal" },
    false,
  ],
  [
    "its domain excepted",
    "https://api.bank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: ".bank.internal" },
    false,
  ],
  [
    "its domain excepted with a star",
    "https://api.bank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: "*.bank.internal" },
    false,
  ],
  [
    "another domain with the same end excepted",
    "https://mybank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: ".bank.internal" },
    true,
  ],
  [
    "its port excepted",
    "https://bank.internal:8443/",
    { HTTPS_PROXY: proxy, NO_PROXY: "bank.internal:8443" },
    false,
  ],
  [
    "another port excepted",
    "https://bank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: "bank.internal:8443" },
    true,
  ],
  [
    "the port that goes without saying excepted",
    "https://bank.internal/",
    { HTTPS_PROXY: proxy, NO_PROXY: "bank.internal:443" },
    false,
  ],
])("with %s", (_, url, variables, proxied) =>
  expect(goesThroughProxy(new URL(url), variables)).toBe(proxied),
);

test("an empty variable is dropped, so that Node and undici read the others alike", () => {
  const env = {
    https_proxy: "",
    HTTPS_PROXY: proxy,
    HTTP_PROXY: "",
    no_proxy: "",
    NO_PROXY: "bank.internal",
    PATH: "",
  };
  dropEmptyProxyVariables(env);
  expect(env).toEqual({ HTTPS_PROXY: proxy, NO_PROXY: "bank.internal", PATH: "" });
});

import { defineConfig } from "vitest/config";

/** The unit tests of the security core, as Stryker runs them: without a database. */
export default defineConfig({
  test: {
    watch: false,
    include: [
      "lib/sage/{verify-sender,verified-token-cache}.test.ts",
      "lib/crypto/{seal,secret-check}.test.ts",
      "lib/net/private-address.test.ts",
      "lib/authorisations/{handles,attempt-keys}.test.ts",
      "lib/journey/{form-token,transition}.test.ts",
      "lib/authrefresh/authrefresh-request.test.ts",
      "lib/authrefresh/redirect-uri.test.ts",
    ],
    testTimeout: 20_000,
  },
});

import { defineConfig } from "vitest/config";

/** The unit tests of the security core, as Stryker runs them: without a database. */
export default defineConfig({
  test: {
    watch: false,
    include: [
      "lib/sage/{verify-sender,good-tokens}.test.ts",
      "lib/platform/{seal,secret-check,private-address}.test.ts",
      "lib/authorisations/{handles,account-keys}.test.ts",
      "lib/wizard/{form-token,entry-request,transition}.test.ts",
      "lib/outcomes/redirect-url.test.ts",
    ],
    testTimeout: 20_000,
  },
});

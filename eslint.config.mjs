import { defineConfig } from "eslint/config";
import importX from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import tseslint from "typescript-eslint";

/**
 * The ladder of imports (docs/decisions/002): a file may import from its own rung's folder and from
 * lower rungs, never up and never sideways. The zones below are generated from this array alone.
 */
const ladder = [
  ["tools"],
  ["e2e"],
  ["testing"],
  ["simulator"],
  ["server"],
  ["app"],
  ["lib/services.ts"],
  ["lib/notifications", "lib/wizard"],
  ["lib/authrefresh"],
  ["lib/bank-calls"],
  ["lib/journey"],
  ["lib/delivery"],
  ["lib/authorisations", "lib/banks"],
  ["lib/events"],
  ["lib/challenges", "lib/sage"],
  ["lib/ui"],
  ["lib/i18n"],
  ["lib/db"],
  ["lib/http"],
  ["lib/config"],
  ["lib/web"],
  ["lib/log", "lib/crypto", "lib/clock", "lib/net"],
];

/** What tests may import besides: they start what stands above their file. */
const testing = ["testing", "simulator"];

/**
 * The texts of a kind of challenge stand in its folder and are no code: lib/i18n takes them
 * from there (docs/decisions/096).
 *
 * @param {string} place
 */
const codeIn = (place) => (place === "lib/challenges" ? `./${place}/**/*.{ts,tsx}` : `./${place}`);

/** @param {readonly string[]} allowed above a file's own rung */
const zones = (allowed) =>
  ladder.slice(1).flatMap((rung, below) =>
    rung.flatMap((target) =>
      ladder
        .slice(0, below + 2)
        .flat()
        .filter((place) => place !== target && !allowed.includes(place))
        .map((place) => ({
          target: `./${target}`,
          from: codeIn(place),
          message:
            "Imports go only down the ladder, never up or sideways (eslint.config.mjs, " +
            "docs/decisions/002).",
        })),
    ),
  );

const clockMessage = "Clocks and timers live in lib/clock/clock.ts.";
const restrictedSyntax = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "Settings are read in lib/config/env.ts only.",
    except: "env",
  },
  {
    selector:
      "CallExpression[callee.name='fetch'], " +
      "CallExpression[callee.object.name='globalThis'][callee.property.name='fetch']",
    message: "Outgoing calls go through lib/http/http.ts.",
    except: "http",
  },
  {
    selector:
      "MemberExpression[object.name='Date'][property.name='now'], " +
      "NewExpression[callee.name='Date'][arguments.length=0], " +
      "MemberExpression[object.name='performance'][property.name='now'], " +
      "CallExpression[callee.name=/^set(Timeout|Interval)$/], " +
      "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    message: clockMessage,
    except: "clock",
  },
  {
    selector:
      "CallExpression[callee.name='redirect'], " +
      "CallExpression[callee.object.name=/^(NextResponse|Response)$/][callee.property.name='redirect']",
    message: "A 307 would re-post credentials; answer 303 (lib/web/html.ts).",
  },
  {
    selector: "ExpressionStatement[directive='use client']",
    message:
      "Nothing hydrates: what a browser is sent as script is public/wizard.js alone, so " +
      "that no setting or secret can get into a bundle.",
  },
  {
    selector: "ExpressionStatement[directive='use server']",
    message: "No server actions: they are an endpoint nobody listed.",
  },
];
/** @param {string} [file] the one file in which the rule marked with its name does not hold
 * @returns {import('eslint').Linter.RuleEntry} */
const rules = (file) => [
  "error",
  ...restrictedSyntax
    .filter(({ except }) => except !== file)
    .map(({ selector, message }) => ({ selector, message })),
];

const prismaImports = {
  patterns: [
    {
      regex: "(@prisma/|/prisma/client)",
      message: "Prisma is used in *-store.ts and lib/db/db.ts only.",
    },
  ],
};

export default defineConfig(
  {
    ignores: [
      ".next/",
      "node_modules/",
      "lib/db/prisma/",
      ".data/",
      ".cache/",
      "test-results/",
      "playwright-report/",
      "next-env.d.ts",
    ],
  },
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    ...jsxA11y.flatConfigs.strict,
    files: ["{app,lib}/**/*.tsx"],
    rules: {
      ...jsxA11y.flatConfigs.strict.rules,
      // The one sound there is spells the code of a picture that stands beside it.
      "jsx-a11y/media-has-caption": "off",
      // A group of radios may be invalid, a single one may not (ARIA 1.2).
      "jsx-a11y/no-noninteractive-element-to-interactive-role": [
        "error",
        { fieldset: ["radiogroup"] },
      ],
      // Safari drops the role of a list without bullets.
      "jsx-a11y/no-redundant-roles": ["error", { ol: ["list"] }],
    },
  },
  {
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver": { node: { extensions: [".ts", ".tsx", ".mjs", ".js", ".json"] } },
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: zones([]) }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-deprecated": [
        "error",
        // Deprecated to make it stand out; it is for loopback hosts only.
        { allow: [{ from: "package", package: "openid-client", name: "allowInsecureRequests" }] },
      ],
      // It contradicts the void operator that the rule above asks for.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // A text is spread to count or walk its code points, which is what is meant.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "max-lines": ["warn", { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["app/**/*.{ts,tsx}", "lib/**/*.{ts,tsx}", "instrumentation*.ts"],
    rules: { "no-restricted-syntax": rules(), "no-restricted-imports": ["error", prismaImports] },
  },
  {
    files: ["lib/config/env.ts", "instrumentation*.ts"],
    rules: { "no-restricted-syntax": rules("env") },
  },
  { files: ["lib/http/http.ts"], rules: { "no-restricted-syntax": rules("http") } },
  // For readers of plain JavaScript; types are in docs/bank-api.yaml.
  { files: ["examples/**"], rules: { "@typescript-eslint/ban-ts-comment": "off" } },
  { files: ["lib/clock/clock.ts"], rules: { "no-restricted-syntax": rules("clock") } },
  { files: ["lib/**/*-store.ts", "lib/db/db.ts"], rules: { "no-restricted-imports": "off" } },
  // Tests talk to local servers, wait for real conditions and set up what stands above them; the
  // product may do none of it.
  {
    files: ["**/*.test.{ts,tsx}", "**/*.integration.ts", "**/*.browser.tsx", "**/*.fixture.ts"],
    rules: {
      "no-restricted-syntax": "off",
      "no-restricted-imports": "off",
      "import-x/no-restricted-paths": ["error", { zones: zones(testing) }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines": "off",
    },
  },
  // A function in a type is a property: it may be taken out of its object (unbound-method), and
  // its parameters are compared strictly.
  {
    files: ["{app,lib,server}/**/*.{ts,tsx}"],
    rules: { "@typescript-eslint/method-signature-style": "error" },
  },
  // But one table holds adapters of all kinds of settings.
  {
    files: ["lib/banks/adapter-definition.ts"],
    rules: { "@typescript-eslint/method-signature-style": "off" },
  },
  // Tests and tools stand in for what waits, take functions out of their objects, hold what changes
  // while they wait, and read JSON as it comes: an assertion tells what is amiss.
  {
    files: [
      "{e2e,examples,simulator,testing,tools}/**",
      "**/*.{test,integration,browser,fixture}.{ts,tsx}",
    ],
    rules: {
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["{e2e,examples,testing,tools}/**", "**/*.{test,integration,browser,fixture}.{ts,tsx}"],
    rules: {
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/prefer-promise-reject-errors": "off",
      "@typescript-eslint/use-unknown-in-catch-callback-variable": "off",
    },
  },
  // The types describe the newest browsers; the script asks what an older one has.
  {
    files: ["public/**"],
    rules: {
      "@typescript-eslint/no-unnecessary-boolean-literal-compare": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
    },
  },
  // The parser of messages does not export the numbers of its elements.
  {
    files: ["lib/i18n/test-locales.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
    },
  },
  {
    files: [
      "{e2e,testing,tools}/**",
      "**/*.{test,integration,browser,fixture}.{ts,tsx}",
      "**/*.{js,mjs}",
    ],
    rules: {
      "@typescript-eslint/restrict-plus-operands": ["error", { allowAny: true }],
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  // Tables of cases, and files that would be harder to read in two.
  {
    files: [
      "e2e/security/fuzz.spec.ts",
      "examples/bank-api/reference-bank.mjs",
      "lib/authorisations/session-store.ts",
      "lib/banks/berlin-group/berlin-group-bank.ts",
      "lib/banks/berlin-group/flow.ts",
      "tools/chaos/scenarios.ts",
      "tools/conformance/*.{ts,mjs}",
      "tools/mutation/statements.mjs",
      "tools/generate/bank-api-page.ts",
    ],
    rules: { "max-lines": "off" },
  },
);

import { randomUUID } from "node:crypto";
import { answerIn, answers } from "../../lib/banks/http/bank-api.ts";
import type { Case } from "./case.ts";
import type { Send } from "./bank-api-cases.ts";
import { type TestUsers, typedOf } from "./test-users.ts";

/**
 * Says where an answer is not as described, which the adapter keeps to itself; each place without
 * the bank's own values.
 */
export function answerCases(send: Send, testUsers: TestUsers): Case[] {
  const about = {
    bankId: "conformance",
    externalId: testUsers.externalId,
    locale: "en-GB",
    returnAddress: "https://connector.example/authrefresh/return?state=conformance",
  };
  return Object.entries({ "the plain one": testUsers.good, ...testUsers.more }).map(
    ([name, journey]) => ({
      group: "answers",
      name: `${name}: each is as described`,
      run: async () => {
        // Without a state of the bank's there is nothing to go on from: the answer is a start.
        let state: unknown = null;
        for (const [index, answer] of typedOf(journey).entries()) {
          const body = JSON.stringify({ ...about, answer, ...(state === null ? {} : { state }) });
          const response = await send(state === null ? "start" : "answer", {
            method: "POST",
            headers: {
              "content-type": "application/json",
              "idempotency-key": `"${randomUUID()}"`,
              "bank-deadline-ms": "28000",
            },
            body,
          });
          const which = `the answer to ${index === 0 ? "start" : `answer ${index}`}`;
          if (response.status !== 200) return `${which} has the status ${response.status}, not 200`;
          const result = answers.answer.safeParse(answerIn(await response.text()));
          if (!result.success)
            return (
              `${which} is not as described at ` +
              result.error.issues
                .map(
                  ({ path, code }) =>
                    `${path.join(".") || "its root"} ` + `(${code.replaceAll("_", " ")})`,
                )
                .join(", ")
            );
          state = result.data.type === "challenge" ? result.data.state : null;
        }
        return undefined;
      },
    }),
  );
}

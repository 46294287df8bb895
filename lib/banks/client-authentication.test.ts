import { expect, test } from "vitest";
import { basicCredentials } from "./client-authentication.ts";

const shown = (clientId: string, secret: string) =>
  Buffer.from(basicCredentials(clientId, secret).replace("Basic ", ""), "base64").toString();

test.each([
  [
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "sage-connector_1.2~3",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6:sage-connector_1.2~3",
  ],
  [
    "https://connector.example/client",
    "a:b c+d",
    "https%3A%2F%2Fconnector.example%2Fclient:a%3Ab+c%2Bd",
  ],
  ["!'()*", "%&=é", "%21%27%28%29%2A:%25%26%3D%C3%A9"],
])(
  "%s and its secret are shown form-encoded, and what is unreserved as it is",
  (clientId, secret, expected) => {
    expect(shown(clientId, secret)).toBe(expected);
  },
);

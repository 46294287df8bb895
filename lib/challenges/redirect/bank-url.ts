import { z } from "zod";

/**
 * The address of a page of a bank's own. Plain http only to a bank on the same machine, as the
 * sandbox is in a demo.
 */
export const bankUrl = z
  .url({ protocol: /^https?$/ })
  .max(4000)
  .refine((value) => {
    const { protocol, hostname, username, password } = new URL(value);
    return (
      username === "" &&
      password === "" &&
      (protocol === "https:" || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
    );
  })
  .meta({
    pattern:
      "^(https://[^/?#@]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?)([/?#]|$)",
    description: "Without a user name, on a host that your settings name.",
  });

import type { FormFields } from "../challenges/challenge.ts";
import type { ReadForm } from "./claim-authorisation.ts";

/** A form as the route hands it over, with these fields in it. */
export const postedForm =
  (fields: FormFields): ReadForm =>
  async () =>
    fields;

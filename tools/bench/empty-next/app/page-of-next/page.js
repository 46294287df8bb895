import { createElement } from "react";
import { Field } from "./field.js";

// The least an ordinary page of Next with one working field can be: what the connector's screens
// are compared with.
export const dynamic = "force-dynamic";
export default () =>
  createElement("main", null, createElement("h1", null, "Sign in"), createElement(Field));

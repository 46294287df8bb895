"use client";
import { createElement, useState } from "react";

/** A field that React owns: it has taken a keystroke when its own state has it. */
export function Field() {
  const [value, setValue] = useState("");
  return createElement("input", {
    id: "field",
    value,
    "data-taken": value === "" ? undefined : "",
    onChange: ({ target }) => setValue(target.value),
  });
}

import { afterEach, expect, test } from "vitest";
import { queryHeader, serverLink } from "../../lib/web/server-link.ts";
import { queryOf } from "./query.ts";

afterEach(() => {
  serverLink().server = undefined;
});

const request = new Request("https://connector.example/authrefresh?b=%25ZZ", {
  headers: { [queryHeader]: "b=%ZZ?c" },
});

test("behind our server the query is the one that came, and not what a framework made of it", () => {
  serverLink().server = { problems: [], draining: false, overloaded: () => false };
  expect(queryOf(request)).toBe("b=%ZZ?c");
  expect(queryOf(new Request("https://connector.example/authrefresh?b=1"))).toBe("");
});

test("without our server the header is a stranger’s, and the request’s own address counts", () => {
  expect(queryOf(request)).toBe("b=%25ZZ");
  expect(queryOf(new Request("https://connector.example/authrefresh"))).toBe("");
});

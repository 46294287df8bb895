import { expect, test } from "vitest";
import { isJsonType, mediaTypeIn } from "./media-type.ts";

const of = (contentType: string) =>
  isJsonType(mediaTypeIn(new Headers({ "content-type": contentType })));

test.each([
  "application/json",
  "Application/JSON",
  "application/json;charset=utf-8",
  'application/json ; charset="UTF-8"',
  "text/plain",
  "text/plain;charset=UTF-8",
  "text/json",
  "text/x-json",
  "application/x-json",
  "application/problem+json",
  "application/vnd.sage.notification.v1+json; q=1",
])("%s may be JSON", (contentType) => expect(of(contentType)).toBe(true));
test.each([
  "",
  "json",
  "/json",
  "application/",
  "application/octet-stream",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=application/json",
  "application/xml",
  "application/jsonp",
  "image/svg+xml",
  "text/",
  "application/json, text/plain",
  "application/+json",
  "a b/c+json",
])("%j is none", (contentType) => expect(of(contentType)).toBe(false));

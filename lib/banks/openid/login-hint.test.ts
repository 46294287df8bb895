import { expect, test } from "vitest";
import { loginHint } from "./login-hint.ts";

test.each([
  ["{username}", "ada", "ada"],
  ["{username}", "eve@evil.example", "eve@evil.example"],
  ["{username}", "$& $1", "$& $1"],
  ["acct:{username}@bank.example", "ada.lovelace", "acct:ada.lovelace@bank.example"],
  ["acct:{username}@bank.example", "eve@evil.example", "acct:eve%40evil.example@bank.example"],
  [
    "acct:{username}@bank.example",
    "é%40?&=#/!'",
    "acct:%C3%A9%2540%3F%26%3D%23%2F%21%27@bank.example",
  ],
  ["tel:{username}", "+44 20", "tel:+44%2020"],
  ["https://bank.example/{username}?user={username}", "a+b", "https://bank.example/a+b?user=a%2Bb"],
  ['{"sub":"{username}"}', 'a","sub":"b', '{"sub":"a\\",\\"sub\\":\\"b"}'],
  [
    '{"format":"account","uri":"acct:{username}@bank.example"}',
    "a@b",
    '{"format":"account","uri":"acct:a%40b@bank.example"}',
  ],
  ["{username}@bank.example", "ada.lovelace-1", "ada.lovelace-1@bank.example"],
  ["{username}@bank.example", "Müller", "Müller@bank.example"],
])("%s for %j is %s", (template, username, hint) => {
  expect(loginHint(template, username)).toBe(hint);
});
test.each([
  ["{username}", ""],
  ["{username}", "a\ud800"],
  ["acct:{username}@bank.example", "\udc00a"],
  ["{username}@bank.example", "eve@evil.example"],
  ["uid={username},ou=people", "eve,ou=staff"],
  ['{"email":"{username}@bank.example"}', "eve@evil.example"],
])("by %s there is nobody called %j", (template, username) => {
  expect(loginHint(template, username)).toBeUndefined();
});

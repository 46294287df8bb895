import type { Page, TestInfo } from "playwright/test";
import { see } from "./inspect.ts";

/** Puts a picture of the whole screen into the report, as wide as Sage's frame. */
export async function attachPicture(
  page: Page,
  testInfo: TestInfo,
  { name }: { name: string },
): Promise<void> {
  await see(page, [400, 640], "light");
  await testInfo.attach(`${name.replaceAll(".", ", ")}: picture`, {
    body: await page.screenshot({ fullPage: true, type: "jpeg", quality: 60 }),
    contentType: "image/jpeg",
  });
}

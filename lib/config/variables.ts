import { z } from "zod";
import { urlSettings } from "./settings/urls.ts";
import { connectorSettings } from "./settings/connector.ts";
import { eventSettings } from "./settings/events.ts";
import { themeSettings } from "./settings/theme.ts";
import { notificationSettings } from "./settings/notifications.ts";
import { providerApiSettings } from "./settings/provider-api.ts";
import type { Setting } from "./settings/setting.ts";

/** The settings in the order of docs/settings.md, which has a table for each group. */
export const settingGroups: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  "The connector itself": connectorSettings,
  "Notifications from Banking Service": notificationSettings,
  "Outcomes to the Provider API": providerApiSettings,
  "Events to the provider's own systems": eventSettings,
  "Where people come from and go to": urlSettings,
  "The look": themeSettings,
};

const settings = {
  ...connectorSettings,
  ...notificationSettings,
  ...providerApiSettings,
  ...eventSettings,
  ...urlSettings,
  ...themeSettings,
};
type Shape = { [Name in keyof typeof settings]: (typeof settings)[Name]["schema"] };

/** Every setting, by the name of its variable, with its default (docs/settings.md). */
export const variables = z.object(
  Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as Shape,
);

/** Secrets, each of which may come from a file named by `NAME_FILE` instead (docs/settings.md). */
export const secrets: readonly string[] = Object.entries<Setting>(settings)
  .filter(([, { secret }]) => secret)
  .map(([name]) => name);

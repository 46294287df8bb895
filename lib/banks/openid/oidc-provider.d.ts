/** What the tests use of `oidc-provider`, which has no types of its own. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  export interface BackchannelRequest {
    jti: string;
    accountId: string;
    clientId: string;
    scope: string;
    params?: Record<string, string>;
  }
  export class Grant {
    constructor(of: { accountId: string; clientId: string });
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: string[]): void;
    save(): Promise<string>;
  }
  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    Grant: typeof Grant;
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ uid: string; params: Record<string, string>; prompt: { name: string } }>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
    ): Promise<void>;
    backchannelResult(
      request: BackchannelRequest,
      result: Grant | Error,
      how?: { acr?: string },
    ): Promise<void>;
    on(event: string, listener: (...given: unknown[]) => void): void;
  }
  export const errors: Record<
    "AccessDenied" | "UnknownUserId",
    new (description?: string) => Error
  >;
  export default Provider;
}

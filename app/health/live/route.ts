import { jsonResponse } from "../../../lib/web/problem.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/** The process runs; it says nothing of the systems it needs. */
export const GET = () => jsonResponse(200, { status: "live" });
export const HEAD = GET;

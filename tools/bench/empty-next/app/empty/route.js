// The least a route handler of Next can do: what the connector's routes are compared with.
export const dynamic = "force-dynamic";
export const GET = () => new Response();
export const POST = () => new Response();

// Sage's pages name both paths (Sage’s developer pages, "POST notification"); a provider registers
// one of them.
export const dynamic = "force-dynamic";
export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "../notification/route.ts";

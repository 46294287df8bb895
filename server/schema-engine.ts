import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import type { QueryResult } from "pg";
import { clientConfig, databaseTarget, type DatabaseTarget } from "../lib/config/database-url.ts";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";

const root = path.resolve(import.meta.dirname, "..");
const migrationsDir = path.join(root, "prisma/migrations");
const schema = {
  path: "prisma/schema.prisma",
  content: readFileSync(path.join(root, "prisma/schema.prisma"), "utf8"),
};
const filters = { externalTables: [], externalEnums: [] };

interface Engine {
  applyMigrations: (input: object) => Promise<{ appliedMigrationNames: string[] }>;
  diff: (input: object) => Promise<{ stdout: string | null }>;
}

/** The names of the committed migrations, oldest first. */
const migrationNames = () =>
  readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** The migration that every database of this product begins with. */
export const firstMigration = () => migrationNames()[0];

/** The committed migrations in the form the engine takes. */
function migrationsList() {
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(path.join(migrationsDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: migrationNames().map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok",
          value: readFileSync(path.join(migrationsDir, name, "migration.sql"), "utf8"),
        },
      },
    })),
  };
}

// PostgreSQL's catalogue has columns of the internal type "char", which the adapter (7.10) refuses
// to read although the engine asks for them: their columns are announced to the adapter as an array
// of characters, whose type code is then set right.
const charOid = 18;
const charArrayOid = 1002;

// Bounds that the role may have are for requests; building an index takes as long as it takes. For
// this transaction alone.
const withoutBounds =
  "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)";

class CatalogueReadingPg extends PrismaPg {
  override async connect() {
    return readingChar(await super.connect());
  }
  // The adapter (7.10) would make a database of its own, for which not everybody has the right.
  // Callers give an empty one.
  override connectToShadowDb() {
    return this.connect();
  }
}

function readingChar<T extends Awaited<ReturnType<PrismaPg["connect"]>>>(adapter: T): T {
  const pool = adapter.underlyingDriver();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<Partial<QueryResult>>;
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  Object.assign(pool, {
    query: async (...args: unknown[]) => {
      const result = await query(...args);
      for (const field of result.fields ?? [])
        if (field.dataTypeID === charOid) field.dataTypeID = charArrayOid;
      return result;
    },
  });
  Object.assign(adapter, {
    // The adapter (7.10) cuts a script at every semicolon, also inside the body of a function. Sent
    // as one, a migration is also one transaction.
    executeScript: async (script: string) => void (await query(`${withoutBounds};\n${script}`)),
    executeRaw: (input: Parameters<typeof executeRaw>[0]) => executeRaw(withZone(input)),
    queryRaw: async (input: Parameters<typeof queryRaw>[0]) => {
      const result = await queryRaw(withZone(input));
      return {
        ...result,
        columnTypes: result.columnTypes.map((type) =>
          type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type,
        ),
      };
    },
  });
  return adapter;
}

// The adapter (7.10) writes times without their zone, which the server then takes for its own.
function withZone<Query extends Parameters<PrismaPgQuery>[0]>(query: Query): Query {
  const isTime = (index: number) => query.argTypes[index]?.scalarType === "datetime";
  return {
    ...query,
    args: query.args.map((arg, index) =>
      isTime(index) && arg !== null ? new Date(arg as string).toISOString() : arg,
    ),
    argTypes: query.argTypes.map((type, index) =>
      isTime(index) ? { ...type, scalarType: "string" } : type,
    ),
  };
}
type PrismaPgQuery = Awaited<ReturnType<PrismaPg["connect"]>>["queryRaw"];

interface Bindings {
  SchemaEngine: { new: (...parts: unknown[]) => Promise<Engine> };
  __wbg_set_wasm: (exports: WebAssembly.Exports) => void;
}

// Prisma's own schema engine, in its WebAssembly build: the native one is a download that an
// offline deployment cannot make (docs/decisions/005). Its bindings keep one instance for the whole
// process, so it is made once.
let loading: Promise<Bindings> | undefined;

async function loadEngine() {
  const dir = path.dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const bindings = (await import(path.join(dir, "schema_engine_bg.js"))) as Bindings;
  const wasm = await WebAssembly.instantiate(
    await WebAssembly.compile(readFileSync(path.join(dir, "schema_engine_bg.wasm"))),
    {
      "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
    },
  );
  bindings.__wbg_set_wasm(wasm.exports);
  (wasm.exports as { __wbindgen_start?: () => void }).__wbindgen_start?.();
  return bindings;
}

async function openEngine(target: DatabaseTarget, schemaName?: string): Promise<Engine> {
  loading ??= loadEngine();
  const { SchemaEngine } = await loading;
  const adapter = bindMigrationAwareSqlAdapterFactory(
    new CatalogueReadingPg(
      clientConfig(target),
      schemaName === undefined ? {} : { schema: schemaName },
    ),
  );
  return SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
}

/**
 * Applies the committed migrations that the database has not had yet, in Prisma's own
 * `_prisma_migrations` layout.
 * @param schemaName where tables are made: the first one of the role's search_path
 * @returns their names.
 */
export async function applyMigrations(
  target: DatabaseTarget,
  schemaName: string,
): Promise<string[]> {
  const engine = await openEngine(target, schemaName);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: migrationsList(),
    filters,
  });
  return appliedMigrationNames;
}

/**
 * The SQL that leads from the committed migrations to `prisma/schema.prisma`; Prisma's comment
 * alone when they agree. The next migration is made with it, and drift is found with it.
 * @param emptyDatabaseUrl a database with nothing in it, into which the migrations are played.
 */
export async function sqlFromMigrationsToSchema(emptyDatabaseUrl: string): Promise<string> {
  const engine = await openEngine(databaseTarget(emptyDatabaseUrl));
  const { stdout } = await engine.diff({
    from: { tag: "migrations", ...migrationsList() },
    to: { tag: "schemaDatamodel", files: [schema] },
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters,
  });
  return stdout ?? "";
}

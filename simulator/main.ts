import { startBankingService } from "./start-banking-service.ts";

// The simulator as a process of its own; `startBankingService` says what it needs of the
// environment.
try {
  const service = await startBankingService(process.env);
  console.log(`Banking Service simulator ready at ${service.url}/`);
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void service.close());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

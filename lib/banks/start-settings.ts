import { readSettings, type Settings, SettingsError } from '../platform/env.ts'
import { themeOf } from '../platform/theme.ts'
import { readBanksFile } from './banks-file.ts'
import { banksFileProblems } from './open-banks.ts'

/** The settings, with the file of banks judged, too. @throws {SettingsError} naming all problems of both at once. */
export function startSettings(env: NodeJS.ProcessEnv): Settings {
  let settings: Settings
  try {
    settings = readSettings(env)
  } catch (error) {
    const file = env['BANKS_FILE']
    if (!(error instanceof SettingsError) || !file) throw error
    const read = readBanksFile(file, { theme: themeOf(env), sandboxAllowed: true })
    throw new SettingsError([...error.problems, ...('problems' in read ? read.problems.map((problem) => `BANKS_FILE: ${problem}`) : [])])
  }
  const problems = banksFileProblems(settings)
  if (problems.length > 0) throw new SettingsError(problems)
  return settings
}

import type { Seals } from '../platform/seal.ts'

/** What stands for an account in the database: `account` in the audit trail, `keys` where wrong answers are counted; `named` where they are a person's, too. */
export interface AccountKeys {
  account: string
  keys: string[]
  named: boolean
}

const purpose = 'account'

/** A name as its bank may read it, however it is written: every spelling that a bank forgives would else have five tries of its own. */
const folded = (name: string) => name.normalize('NFKC').toLowerCase().replaceAll(/[\s\p{Default_Ignorable_Code_Point}]/gu, '')

/**
 * Keyed hashes: an account's id and a user name are short enough to be guessed from a plain one. There is a key for each of the ring, so that replicas in the middle of a rotation count the same answers.
 * @param person who the answer says it is, where the bank adapter knows; counted beside the account, so that nobody guesses at one person through several accounts.
 */
export function accountKeys(seals: Seals, { bankId, externalId, person = '' }: { bankId: string | null; externalId: string; person?: string | undefined }): AccountKeys {
  const text = (kind: string, id: string) => JSON.stringify([kind, bankId, id])
  const account = text('account', externalId)
  const name = folded(person)
  const named = name !== ''
  const counted = named ? [account, text('person', name)] : [account]
  return { account: seals.mac(purpose, account), keys: counted.flatMap((one) => seals.allMacs(purpose, one)), named }
}

import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSeals } from '../platform/seal.ts'
import { accountKeys } from './account-keys.ts'

const [old, current] = [randomBytes(32), randomBytes(32)]
const before = createSeals([old])
const during = createSeals([current, old])
const account = { bankId: 'bank', externalId: 'account' }

describe('the keys of an account', () => {
  test('are 256 bits, the same each time, and say nothing of the account', () => {
    const { account: id, keys } = accountKeys(before, account)
    expect(id).toMatch(/^[\w-]{43}$/)
    expect(keys).toEqual([id])
    expect(accountKeys(before, account)).toEqual({ account: id, keys, named: false })
  })
  test('differ by account, bank and ring', () => {
    const ids = [account, { ...account, externalId: 'other' }, { ...account, bankId: 'other' }, { ...account, bankId: null }].map((each) => accountKeys(before, each).account)
    expect(new Set([...ids, accountKeys(createSeals([current]), account).account]).size).toBe(5)
  })
  // One that changed would give everybody five more tries while replicas of two releases run.
  test('are the same in every release', () => {
    const ofAccount = 'wAG0GiRCacbhNijPo_RJ2HuMICI91jjUSXYZC-8FxHo'
    const seals = createSeals([new Uint8Array(32)])
    expect(accountKeys(seals, { bankId: 'bank', externalId: 'account', person: 'ada' })).toEqual({ account: ofAccount, keys: [ofAccount, 'AhQdd23BxHqIGwTPmzisUN3ZLO54h4zy7KpTiGN1Xb0'], named: true })
  })
  test('have one for the person, who is no account of the same name', () => {
    const { keys, named } = accountKeys(before, { ...account, person: 'account' })
    expect(new Set(keys).size).toBe(2)
    expect(named).toBe(true)
    expect(keys[0]).toBe(accountKeys(before, account).account)
  })
  const ofPerson = (person: string) => accountKeys(before, { ...account, person })
  test.each(['Ada Example', ' ada  example ', 'ADAEXAMPLE', 'ａｄａ\u00a0ｅｘａｍｐｌｅ', 'ada\u200bexample\u00ad'])('are the same for a person however the name is written: %j', (spelling) => {
    expect(ofPerson(spelling)).toEqual(ofPerson('adaexample'))
  })
  test('differ for other names, and a blank one is nobody’s', () => {
    expect(new Set(['ada', 'ad', 'adá', 'ada1', 'ada-1'].map((person) => ofPerson(person).keys[1])).size).toBe(5)
    expect(ofPerson(' \u200b')).toEqual(accountKeys(before, account))
  })
  test('are those of every key of the ring, so that replicas in the middle of a rotation share one', () => {
    const keys = accountKeys(during, account).keys
    expect(keys).toHaveLength(2)
    expect(keys).toContain(accountKeys(before, account).account)
    expect(accountKeys(during, account).account).not.toBe(accountKeys(before, account).account)
  })
})

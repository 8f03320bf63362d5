import type { Span } from '@millrace/stream-kit'

interface SettingBase {
  /** The variable, `MILLRACE_…`. */
  readonly env: string
  /** One line: what it means. */
  readonly about: string
  /** The value itself is a secret: it is hidden in every log line and shown in no example. A `secretFile` always is. */
  readonly secret?: boolean
  /** Another variable whose text counts where this one is not set. */
  readonly fallback?: string
  /** May be missing; the value is undefined then. */
  readonly optional?: boolean
  /** A rule of its own: the problem with this text, or nothing. */
  readonly check?: (text: string) => string | undefined
}

/**
 * One setting. What the kinds become: text and url text; list texts, split at commas; int and number a number;
 * bool true or false; span milliseconds; choice one of the choices; secretFile the trimmed content of the file;
 * path an absolute path. A setting without a default must be given, unless it is optional.
 */
export type Setting =
  | SettingBase & { readonly kind: 'text' | 'url' | 'path' | 'secretFile', readonly default?: string }
  | SettingBase & { readonly kind: 'list', readonly default?: readonly string[] }
  | SettingBase & { readonly kind: 'int' | 'number', readonly default?: number, readonly min?: number, readonly max?: number }
  | SettingBase & { readonly kind: 'bool', readonly default?: boolean }
  | SettingBase & { readonly kind: 'span', readonly default?: Span }
  | SettingBase & { readonly kind: 'choice', readonly choices: readonly string[], readonly default?: string }

export type SettingsTable = Readonly<Record<string, Setting>>

type ValueOfKind<S extends Setting> =
  S extends { kind: 'list' } ? string[]
    : S extends { kind: 'int' | 'number' | 'span' } ? number
      : S extends { kind: 'bool' } ? boolean
        : S extends { kind: 'choice', choices: readonly (infer Choice)[] } ? Choice
          : string

/** What a table reads as: one typed value for each name. */
export type SettingsOf<T extends SettingsTable> = {
  readonly [Name in keyof T]: T[Name] extends { optional: true } ? ValueOfKind<T[Name]> | undefined : ValueOfKind<T[Name]>
}

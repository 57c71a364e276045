/** `sluice completion`: a script for a shell, made from the table of commands. */
import { type Call, type Command, commandName, type Surroundings } from '../command.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { universalOptions } from '../parse-arguments.ts';

interface Words {
  /** What may follow `sluice`. */
  readonly first: readonly string[];
  /** What may follow a noun. */
  readonly second: readonly (readonly [noun: string, verbs: readonly string[]])[];
  /** The options of each command. */
  readonly options: readonly (readonly [name: string, options: readonly string[]])[];
}

function wordsOf(commands: readonly Command[]): Words {
  const nouns = [...new Set(commands.flatMap(({ noun }) => (noun === undefined ? [] : [noun])))];
  const single = commands.filter(({ noun }) => noun === undefined).map(({ verb }) => verb);
  return {
    first: [...single, 'help', ...nouns],
    second: nouns.map((noun) => [
      noun,
      commands.filter((one) => one.noun === noun).map(({ verb }) => verb),
    ]),
    options: commands.map((command) => [
      commandName(command),
      [...command.options, ...universalOptions].map(({ name }) => `--${name}`),
    ]),
  };
}

function bash({ first, second, options }: Words): string {
  const nouns = second.map(([noun]) => noun).join('|');
  return `# bash completion of sluice
_sluice() {
  local word=\${COMP_WORDS[COMP_CWORD]} name=\${COMP_WORDS[1]} choices=
  case "$name" in ${nouns}) [ "$COMP_CWORD" -gt 2 ] && name="$name \${COMP_WORDS[2]}" ;; esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    choices="${first.join(' ')}"
  elif [ "$COMP_CWORD" -eq 2 ] || [[ $word == -* ]]; then
    case "$name" in
${second.map(([noun, verbs]) => `      ${noun}) choices="${verbs.join(' ')}" ;;`).join('\n')}
${options.map(([name, some]) => `      '${name}') choices="${some.join(' ')}" ;;`).join('\n')}
    esac
    [[ $word != -* ]] && case "$name" in ${nouns}) ;; *) choices= ;; esac
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _sluice sluice
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function zsh(commands: readonly Command[], { second }: Words): string {
  const entry = (name: string, summary: string) =>
    quote(`${name}:${summary.replaceAll(':', '\\:')}`);
  const single = commands.filter(({ noun }) => noun === undefined);
  const first = [
    ...single.map(({ verb, summary }) => entry(verb, summary)),
    entry('help', 'Explains a command.'),
    ...second.map(([noun, verbs]) => entry(noun, verbs.join(', '))),
  ];
  const verbsOf = (noun: string) =>
    commands
      .filter((one) => one.noun === noun)
      .map(({ verb, summary }) => entry(verb, summary))
      .join(' ');
  const optionsOf = (command: Command) =>
    [...command.options, ...universalOptions]
      .map(({ name, summary }) => entry(`--${name}`, summary))
      .join(' ');
  return `#compdef sluice
_sluice() {
  local name=$words[2]
  local -a choices
  case $name in (${second.map(([noun]) => noun).join('|')}) (( CURRENT > 3 )) && name="$name $words[3]" ;; esac
  if (( CURRENT == 2 )); then
    choices=(${first.join(' ')})
  else
    case $name in
${second.map(([noun]) => `      (${noun}) choices=(${verbsOf(noun)}) ;;`).join('\n')}
${commands.map((command) => `      (${quote(commandName(command))}) [[ $PREFIX == -* ]] && choices=(${optionsOf(command)}) ;;`).join('\n')}
    esac
  fi
  if (( $#choices )); then _describe 'sluice' choices; else _files; fi
}
# From a folder of fpath this file is the function's body; sourced, it only registers the function.
if [[ $funcstack[1] == _sluice ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function fish(commands: readonly Command[], { second }: Words): string {
  const lines = ['# fish completion of sluice'];
  const add = (condition: string, rest: string) => {
    lines.push(`complete -c sluice -n ${quote(condition)} ${rest}`);
  };
  for (const { noun, verb, summary } of commands) {
    if (noun === undefined) {
      add('__fish_use_subcommand', `-a ${verb} -d ${quote(summary)}`);
      continue;
    }
    const verbs = second.find(([one]) => one === noun)?.[1].join(' ') ?? '';
    add(
      `__fish_seen_subcommand_from ${noun}; and not __fish_seen_subcommand_from ${verbs}`,
      `-f -a ${verb} -d ${quote(summary)}`,
    );
  }
  add('__fish_use_subcommand', `-a help -d 'Explains a command.'`);
  for (const [noun, verbs] of second) {
    add('__fish_use_subcommand', `-a ${noun} -d ${quote(verbs.join(', '))}`);
  }
  for (const command of commands) {
    const words = commandName(command).split(' ');
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    for (const { name, short, value, choices, summary } of [
      ...command.options,
      ...universalOptions,
    ]) {
      const letter = short === undefined ? '' : ` -s ${short}`;
      const takes = value === undefined ? '' : ' -r';
      const among = choices === undefined ? '' : ` -f -a ${quote(choices.join(' '))}`;
      add(seen, `-l ${name}${letter}${takes}${among} -d ${quote(summary)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Returns the completion script for `shell`. */
export function completionScript(shell: string, commands: readonly Command[]): string {
  const words = wordsOf(commands);
  if (shell === 'zsh') return zsh(commands, words);
  return shell === 'fish' ? fish(commands, words) : bash(words);
}

/** Prints the completion script for the shell that the call names. */
export function printCompletion(
  commands: readonly Command[],
  call: Call,
  { out }: Surroundings,
): number {
  out.write(completionScript(call.args[0] ?? 'bash', commands));
  return exitCodes.success;
}

/** What makes a shell ask `./lab complete`. Words are handed over as they are: nothing that is typed is ever evaluated. Pure. */
import { quoted } from '../../../lab/commands/terminal.ts';
import type { Shell } from './words.ts';

/**
 * Where nothing is found, files are offered. The command is known by the name of its file, so `./lab` is completed too.
 * @param lab path of the program
 * @returns the script, for `source <(./lab completion bash)` and the like
 */
export function completionScript(shell: Shell, lab: string): string {
  return scripts[shell].replaceAll('LAB', () => quoted(lab));
}

const scripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of lab for bash 3.2 and newer: source <(./lab completion bash)
_replayground_lab() {
  local value
  COMPREPLY=()
  while IFS= read -r value; do COMPREPLY+=("$value"); done < <(LAB complete bash -- "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _replayground_lab lab
`,
  zsh: `# Completion of lab for zsh, behind compinit: source <(./lab completion zsh)
_replayground_lab() {
  local line
  local -a values shown open
  while IFS= read -r line; do
    if [[ "\${line%%$'\\t'*}" == *= ]]; then open+=("\${line%%$'\\t'*}"); continue; fi
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(LAB complete zsh -- "\${(@)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)
  if (( $#values + $#open == 0 )); then _files; return; fi
  compadd -S '' -a open
  compadd -l -d shown -a values
}
compdef _replayground_lab lab
`,
  fish: `# Completion of lab for fish: ./lab completion fish | source
function __replayground_lab
    set -l current (commandline -ct)
    set -l found (LAB complete fish -- (commandline -opc) "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c lab -f -a '(__replayground_lab)'
`,
};

/** `./lab completion <shell>`: what makes a shell complete verbs, options, services, topics; `./lab complete` is what it asks. */
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { print } from '../../../lab/terminal/output.ts';
import { projectRoot } from '../../../pipeline/settings/read-settings.ts';
import { candidates, type VerbTable } from '../completion/complete.ts';
import { completionScript } from '../completion/scripts.ts';
import { lines, type Shell, shells, typedIn } from '../completion/words.ts';

export function register(program: Command, verbs: VerbTable): void {
  const shell = new Argument('<shell>', 'which shell').choices(shells);
  program
    .command('completion')
    .description('print the script by which a shell completes verbs, options, services, topics, scenarios, systems')
    .addArgument(shell)
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab completion fish | source     # in ~/.config/fish/config.fish\n  source <(./lab completion bash)    # in ~/.bashrc\n  source <(./lab completion zsh)     # in ~/.zshrc, behind compinit',
    )
    .action((wanted: Shell) => print(completionScript(wanted, join(projectRoot, 'lab'))));
  program
    .command('complete', { hidden: true })
    .description('what the scripts of ./lab completion ask: what can follow')
    .addArgument(shell)
    .argument('[words...]', 'the command line up to the cursor')
    .addHelpText('after', '\nExample:\n  ./lab complete bash -- ./lab sc')
    .action(async (asking: Shell, words: string[]) => {
      const typed = typedIn(asking, words);
      for (const line of lines(asking, typed, await candidates(program, verbs, typed))) print(line);
    });
}

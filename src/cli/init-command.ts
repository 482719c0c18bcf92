import { FRAMEWORKS, type Framework } from './init/frameworks.js';
import { type Project, type ProjectFile, readProject, textOf, writeNew } from './init/project-files.js';
import { parseArguments } from './parse-arguments.js';
import type { Command } from './terminal.js';
import { UsageError } from './usage-error.js';

const NAMES = FRAMEWORKS.map(({ name }) => name).join(', ');
const VARIABLES = ['AGORA_APP_ID', 'AGORA_APP_CERTIFICATE'] as const;

const ENV_EXAMPLE: ProjectFile = {
  path: '.env.example',
  text: `# Copy this file to .env, which must not be committed, and let nobody else read that: chmod 600 .env
# Both are in the Agora Console, at the project; Signaling has to be enabled there.
AGORA_APP_ID=
# The primary certificate. It signs tokens: never give it a name that a bundler publishes, such as VITE_ or NEXT_PUBLIC_.
AGORA_APP_CERTIFICATE=
`,
};

/** `agora-session init`: writes a token endpoint for a project's framework. */
export const initCommand: Command = {
  help: `Usage: agora-session init [--framework <name>] [--json]

Writes a token endpoint for the framework that the package.json here depends on, and .env.example.
It never changes a file that is there already, and says what it wrote and what is left to do.

  --framework <name>  ${NAMES}
  --json              print JSON
  --help              print this

Example:
  $ agora-session init --framework express`,

  async run(args, terminal) {
    const { values } = parseArguments(
      args,
      { framework: { type: 'string' }, json: { type: 'boolean', default: false } },
      0,
    );
    const project = readProject(terminal.directory);
    const framework = frameworkOf(project, values.framework);
    const route = framework.route(project);
    const files = [route, ENV_EXAMPLE].map((file) => ({ path: file.path, written: writeNew(project, file) }));
    const kept = files.some(({ path, written }) => path === route.path && !written);
    const next = [...framework.next(project, route, kept), ...leftToDo(project)];
    if (values.json) {
      terminal.print(JSON.stringify({ framework: framework.name, files, next }, null, 2));
      return 0;
    }
    const paint = terminal.paint.print;
    for (const { path, written } of files) {
      terminal.print(
        written
          ? `${paint('green', 'wrote')}  ${path}`
          : `${paint('yellow', 'kept')}   ${path}, which is there already`,
      );
    }
    for (const step of next) terminal.print(`${paint('bold', 'next')}   ${step}`);
    return 0;
  },
};

function frameworkOf({ dependencies }: Project, named: string | undefined): Framework {
  if (named !== undefined) {
    const framework = FRAMEWORKS.find(({ name }) => name === named);
    if (framework) return framework;
    throw new UsageError(`--framework must be one of ${NAMES}.`);
  }
  const framework = FRAMEWORKS.find(({ dependency }) => dependencies.has(dependency));
  if (framework) return framework;
  throw new UsageError(`package.json depends on none of ${NAMES}: name one with --framework.`);
}

function* leftToDo(project: Project): Generator<string> {
  if (!project.dependencies.has('agora-session')) yield 'Install the package: npm install agora-session';
  const example = textOf(project, ENV_EXAMPLE.path);
  const missing = VARIABLES.filter((name) => !example.includes(name));
  if (missing.length > 0) yield `Add ${missing.join(' and ')} to ${ENV_EXAMPLE.path}.`;
  // The last line that is about the file counts; ".env.*" is about others.
  const about = textOf(project, '.gitignore').match(/^!?(?:\/|\*\*\/)?\*?\.env\*?[ \t]*$/gm) ?? [];
  if (about.at(-1)?.startsWith('!') ?? true) yield 'Add .env to .gitignore.';
  yield 'Copy .env.example to .env and fill it in. Without a project of Agora, agora-session exec makes one up.';
}

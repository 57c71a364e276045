/**
 * The catalogue of everything that can go wrong outside the language: code, title, HTTP status, exit
 * code, whether trying again may help, and what to do. Problem documents, command-line output, log
 * fields and the reference page are derived from it.
 */

/** What the catalogue says of one code. */
export interface CatalogueEntry {
  readonly title: string;
  readonly status: number;
  readonly exitCode: number;
  readonly isRetryable: boolean;
  readonly help: string;
}

function entry(
  title: string,
  status: number,
  exitCode: number,
  help: string,
  isRetryable = false,
): CatalogueEntry {
  return { title, status, exitCode, isRetryable, help };
}

/** Every failure code. */
export const catalogue = {
  'cli.usage-wrong': entry('Wrong usage', 400, 2, 'see `--help` of the command'),
  'flow.invalid': entry('Invalid flow', 422, 2, 'mend what the diagnostics name and try again'),
  'flow.not-found': entry('No such flow', 404, 2, 'list the flows with `sluice flow list`'),
  'flow.disabled': entry('Flow is disabled', 409, 2, 'remove `disabled: true` from the flow'),
  'input.invalid': entry('Invalid input', 422, 2, 'give a value of the type the flow declares'),
  'execution.not-found': entry(
    'No such execution',
    404,
    2,
    'list executions with `sluice execution list`',
  ),
  'execution.wrong-state': entry(
    'Execution is in another state',
    409,
    2,
    'look at it with `sluice execution show`',
  ),
  'execution.answer-missing': entry(
    'Execution waits for an answer',
    409,
    2,
    'answer with `sluice execution resume ID --answer happened|retry|fail`',
  ),
  'execution.check-failed': entry(
    'A check of the flow refuses the start',
    422,
    2,
    'give inputs that the flow’s `checks` accept',
  ),
  'execution.label-reserved': entry(
    'A label belongs to the system',
    422,
    2,
    'choose a key that does not begin with `system.`',
  ),
  'tenant.not-found': entry('No such tenant', 404, 2, 'check the tenant in the address'),
  'tenant.exists': entry('The tenant exists', 409, 2, 'choose another name'),
  'request.malformed': entry('Malformed request', 400, 2, 'send what the API documents'),
  'request.not-found': entry('Nothing is there', 404, 2, 'look at the API in `/openapi.json`'),
  'request.method-wrong': entry(
    'Wrong method',
    405,
    2,
    'use a method that the header `Allow` names',
  ),
  'request.too-large': entry('The request is too large', 413, 2, 'send less at once'),
  'request.type-unsupported': entry(
    'Unsupported content type',
    415,
    2,
    'send one of the types that the API documents',
  ),
  'request.precondition-failed': entry(
    'The thing changed meanwhile',
    412,
    1,
    'read it again and repeat with its `ETag`',
  ),
  'request.key-reused': entry(
    'The idempotency key was used for another request',
    422,
    2,
    'use another key for another request',
  ),
  'request.key-in-use': entry(
    'A request with this idempotency key is under way, or its outcome is unknown',
    409,
    1,
    'look whether it took effect before you repeat it with another key',
  ),
  'request.rate-limited': entry(
    'Too many requests',
    429,
    1,
    'wait as long as the header `Retry-After` says',
    true,
  ),
  'server.stopping': entry('The server is stopping', 503, 1, 'try again in a moment', true),
  'server.address-in-use': entry(
    'The address is in use',
    503,
    1,
    'choose another port with `--port`',
  ),
  'identity.missing': entry(
    'Not signed in',
    401,
    2,
    'send an API token or a name and password in the header `Authorization`',
  ),
  'identity.wrong': entry('Not signed in', 401, 2, 'check the token, or the name and password'),
  'identity.locked': entry('Too many failed attempts', 429, 1, 'wait and try again', true),
  'identity.setup-refused': entry(
    'The set-up is refused',
    403,
    2,
    'use the link that `sluice serve` printed last; it works once',
  ),
  'identity.password-weak': entry('The password is too weak', 422, 2, 'choose a longer one'),
  'access.denied': entry('Not allowed', 403, 1, 'ask somebody who may'),
  'config.invalid': entry('Invalid configuration', 422, 2, 'mend what the diagnostics name'),
  'namespace.not-found': entry(
    'No such namespace',
    404,
    2,
    'a namespace is there once a flow, pair or file is in it',
  ),
  'trigger.not-found': entry('No such trigger', 404, 2, 'list the triggers of the flow'),
  'trigger.unsupported': entry(
    'A trigger cannot be evaluated',
    422,
    2,
    'use `when` or a condition of the type `Expression`',
  ),
  'task.not-found': entry('No such task', 404, 2, 'look at the flow'),
  'expression.failed': entry('An expression failed', 422, 1, 'mend the expression'),
  'task.failed': entry('A task failed', 422, 1, 'look at the logs of the task run'),
  'task.input-invalid': entry('Invalid task property', 422, 1, 'mend the property of the task'),
  'task.output-invalid': entry(
    'Invalid task output',
    500,
    1,
    'report this as a defect of the task type',
  ),
  'task.timed-out': entry(
    'A task took too long',
    504,
    1,
    'raise `timeout` or make the task faster',
    true,
  ),
  'task.type-missing': entry(
    'A task type is not available',
    422,
    2,
    'list task types with `sluice task list`',
  ),
  'process.exited': entry(
    'A process ended with an error',
    422,
    1,
    'look at the logs of the task run',
    true,
  ),
  'process.not-found': entry(
    'A program is not installed',
    422,
    1,
    'install the program or name another interpreter',
  ),
  'file.not-found': entry('No such file', 404, 1, 'check the path or URI'),
  'file.exists': entry('The file exists', 409, 1, 'set `conflict: OVERWRITE` to replace it'),
  'file.refused': entry(
    'File access refused',
    403,
    1,
    'a task may only read files of its own execution and namespace',
  ),
  'http.status': entry(
    'A remote answered with an error',
    502,
    1,
    'look at the answer, or set `allowFailed`',
    true,
  ),
  'http.unreachable': entry(
    'A remote could not be reached',
    502,
    1,
    'check the address and the network',
    true,
  ),
  'http.address-refused': entry(
    'An address is refused',
    403,
    1,
    'private and local addresses are refused unless the configuration allows them',
  ),
  'kv.not-found': entry('No such key', 404, 1, 'set the key first or allow its absence'),
  'kv.exists': entry('The key exists', 409, 1, 'set `overwrite: true` to replace it'),
  'secret.not-found': entry(
    'No such secret',
    404,
    1,
    'set the environment variable `SECRET_<KEY>` to its base64 text',
  ),
  'secret.undecipherable': entry(
    'A text cannot be decrypted',
    422,
    1,
    'use the key the text was encrypted with',
  ),
  'value.erased': entry(
    'A value was erased',
    410,
    1,
    'the person it was about is no longer known here; start anew with other values',
  ),
  'execution.erased': entry(
    'Values of the execution were erased',
    410,
    2,
    'what is left can be shown; start a new execution instead of going on with this one',
  ),
  'execution.unfinished': entry(
    'Executions still need the values',
    409,
    2,
    'wait until they have ended, or kill them with `--force`',
  ),
  'subject.not-found': entry(
    'No such subject',
    404,
    2,
    'find the handle with `sluice subject find`',
  ),
  'subject.erasing': entry(
    'The subject is being erased',
    409,
    2,
    'repeat `sluice subject erase` to complete it',
  ),
  'hold.in-force': entry(
    'A legal hold is in force',
    423,
    2,
    'release it with `sluice hold release` when it is over',
  ),
  'hold.not-found': entry('No such hold', 404, 2, 'list the holds with `sluice hold list`'),
  'retention.rule-not-found': entry(
    'No such retention rule',
    404,
    2,
    'list the rules with `sluice retention list`',
  ),
  'sql.failed': entry('A query failed', 422, 1, 'mend the statement'),
  'policy.invalid': entry(
    'Invalid policies',
    422,
    2,
    'mend what the diagnostics name; `sluice policy validate` shows them',
  ),
  'policy.denied': entry(
    'Policy refuses',
    403,
    1,
    'read the reason; `sluice policy explain` asks the same question',
  ),
  'approval.not-found': entry(
    'No such approval',
    404,
    2,
    'list approvals with `sluice approval list`',
  ),
  'approval.pending': entry(
    'An approval is waited for',
    409,
    1,
    'let those decide whom `sluice approval show` names',
  ),
  'approval.not-granted': entry(
    'An approval was not granted',
    403,
    1,
    'look at what was said with `sluice approval show`',
  ),
  'approval.closed': entry('The approval is closed', 409, 1, 'look at what became of it'),
  'approval.own': entry('Nobody approves their own', 403, 1, 'let another person decide'),
  'approval.not-yours': entry(
    'Others decide this approval',
    403,
    1,
    'let those decide whom `sluice approval show` names',
  ),
  'approval.claimed': entry('Somebody has taken it on', 409, 1, 'ask them, or wait'),
  'approval.reason-missing': entry('A reason is missing', 422, 2, 'say why with `--reason`'),
  'delegation.invalid': entry(
    'Invalid delegation',
    422,
    2,
    'name another person and an end within 90 days',
  ),
  'delegation.not-found': entry(
    'No such delegation',
    404,
    2,
    'list delegations with `sluice approval delegate --list`',
  ),
  'policy.not-found': entry(
    'No such policies',
    404,
    2,
    'list what there is with `sluice policy list`',
  ),
  'policy.tests-failed': entry(
    'Tests of policies fail',
    422,
    1,
    'mend the policies or their cases; `sluice policy test` shows them',
  ),
  'ledger.entry-not-found': entry(
    'No such entry of the ledger',
    404,
    2,
    'find entries with `sluice ledger search`',
  ),
  'ledger.tile-missing': entry(
    'A part of the ledger’s tree is missing or damaged',
    500,
    1,
    'verify the ledger; where it is broken, restore a backup',
  ),
  'ledger.checkpoint-refused': entry(
    'A checkpoint is refused',
    422,
    1,
    'check that it is whole, and which key it is verified with',
  ),
  'ledger.fork-found': entry(
    'A ledger contradicts what was seen of it before',
    409,
    1,
    'keep both checkpoints: together they show that the ledger was rewritten',
  ),
  'ledger.too-large': entry(
    'Too many entries for this form',
    413,
    2,
    'name a smaller part with `--from` and `--to`, or leave `--format html` out',
  ),
  'anchor.not-found': entry('No such anchor', 404, 2, '`sluice ledger anchor list` shows them'),
  'anchor.not-kept': entry(
    'A checkpoint could not be kept outside',
    502,
    1,
    'check the place; it is tried again with the next checkpoint',
    true,
  ),
  'mail.not-sent': entry(
    'A mail could not be sent',
    502,
    1,
    'check `SLUICE_SMTP_URL` and `SLUICE_MAIL_FROM`',
    true,
  ),
  'store.key-unfit': entry(
    'A key of the data folder is missing, damaged or another one',
    503,
    1,
    'put the key back that belongs to this data folder',
  ),
  'backup.exists': entry(
    'The destination of a backup exists',
    409,
    2,
    'name another folder, or replace the backup with `--replace`',
  ),
  'backup.impossible': entry('A backup cannot be written or read', 503, 1, 'check the path'),
  'backup.damaged': entry(
    'A backup is damaged or was changed',
    422,
    1,
    'use another backup; `sluice backup verify` tells whether one is whole',
  ),
  'backup.key-missing': entry(
    'The keys of a backup are not at hand',
    422,
    1,
    'name the folder that holds them with `--keys`',
  ),
  'backup.loses-entries': entry(
    'A restore would lose what happened since the backup',
    409,
    1,
    'look with `--dry-run`; `--discard-newer` restores all the same',
  ),
  'store.unreachable': entry('The store cannot be used', 503, 1, 'check the data folder', true),
  'store.locked': entry(
    'The data folder is in use',
    503,
    1,
    'another process uses it; wait or name another with `--data`',
    true,
  ),
  'store.conflict': entry('The record changed meanwhile', 409, 1, 'read it again and repeat', true),
} as const satisfies Record<string, CatalogueEntry>;

/** The code of a failure: `area.what-happened`. */
export type FailureCode = keyof typeof catalogue;

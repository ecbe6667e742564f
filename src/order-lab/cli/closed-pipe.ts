/** `./lab tail ... | head`: the reader of our output has enough, and that is no error. */

/** From this call on the process ends quietly when nobody reads its stdout any more. */
export function endOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

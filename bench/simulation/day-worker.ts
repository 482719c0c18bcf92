import { type Job, runJob } from './job.js';

// A process of its own: answers each job with its days. A job that fails ends the process, which its parent sees.
process.on('message', (job: Job) => {
  void runJob(job).then((days) => process.send?.(days));
});

import { part } from './markup.js';
import type { Recording } from './recording.js';

/** Lets the browser save a recording. */
export function saveRecording(recording: Recording): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(recording, null, 1)], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: 'agora-session.json' }).click();
  // The browser has begun to read it.
  URL.revokeObjectURL(url);
}

/** Takes files that are chosen, or dropped on a panel, and says of which one it is none. */
export function listenForFiles(panel: HTMLElement, onText: (text: string) => void): void {
  const error = part(panel, '.error');
  const open = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    error.textContent = '';
    try {
      onText(await file.text());
    } catch (reason) {
      error.textContent = (reason as Error).message;
    }
  };
  const input = part<HTMLInputElement>(panel, 'input');
  input.addEventListener('change', () => {
    void open(input.files?.[0]);
    input.value = '';
  });
  panel.addEventListener('dragover', (event) => event.preventDefault());
  panel.addEventListener('drop', (event) => {
    event.preventDefault();
    void open(event.dataTransfer?.files[0]);
  });
}

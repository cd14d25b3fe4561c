import { NetworkError } from './errors';
import { OWN_REQUEST_HEADER, refusal } from './http';
import type { UploadResponse } from './types';

export interface Upload {
  readonly done: Promise<UploadResponse>;
  cancel(): void;
}

/**
 * Sends a file as a blob (rfc8620#6.1).
 *
 * @param onProgress told the octets sent so far; XMLHttpRequest because fetch cannot tell.
 */
export function upload(url: string, file: Blob, onProgress: (sent: number) => void): Upload {
  const transfer = new XMLHttpRequest();
  const done = new Promise<UploadResponse>((resolve, reject) => {
    transfer.open('POST', url);
    transfer.responseType = 'text';
    transfer.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    for (const [name, value] of Object.entries(OWN_REQUEST_HEADER)) transfer.setRequestHeader(name, value);
    transfer.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    transfer.addEventListener('load', () => {
      if (transfer.status < 200 || transfer.status > 299) {
        reject(refusal(transfer.status, transfer.responseText));
        return;
      }
      try {
        resolve(JSON.parse(transfer.responseText) as UploadResponse);
      } catch {
        reject(new NetworkError('the upload was cut'));
      }
    });
    transfer.addEventListener('error', () => reject(new NetworkError('the upload was cut')));
    transfer.addEventListener('abort', () => reject(new DOMException('canceled', 'AbortError')));
    transfer.send(file);
  });
  return { done, cancel: () => transfer.abort() };
}

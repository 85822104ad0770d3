"""Text messages: by a gateway over HTTP, on the console for trying out, or not at all.

A gateway gets a POST with the JSON {"to": "13800000000", "text": "…"} and the header "Authorization: Bearer <secret>"; any 2xx
answer means that it took the message.
"""

from __future__ import annotations

import json
import logging
import queue
import threading

import httpx2

from deliberation.web.deadline import within

log = logging.getLogger(__name__)
SECONDS = 10.0
"""For one text in all."""
MOST_WAITING = 200


class Texts:
    """Sends one after another beside the requests, so that no answer takes longer for a number that gets a text."""

    def __init__(self, way: str, secret: str) -> None:
        self.on = way != "none"
        self._way, self._secret = way, secret
        self._waiting: queue.Queue[tuple[str, str]] = queue.Queue(MOST_WAITING)
        self._started = threading.Lock()
        self._worker: threading.Thread | None = None

    def send(self, to: str, text: str) -> None:
        if not self.on:
            return
        with self._started:
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="texts", daemon=True)
                self._worker.start()
        try:
            self._waiting.put_nowait((to, text))
        except queue.Full:
            log.error("too many texts wait for the gateway; one was dropped")

    def wait(self) -> None:
        """Until all that was sent has been handed on."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            to, text = self._waiting.get()
            try:
                self._hand_on(to, text)
            except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as problem:
                # Never the number, the text or the secret: they do not belong in a log.
                log.error("the text gateway cannot be reached: %s", type(problem).__name__)
            finally:
                self._waiting.task_done()

    def _hand_on(self, to: str, text: str) -> None:
        if self._way == "console":
            print(f"短信 / text → {to}: {text}", flush=True)
            return
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        headers = {"content-type": "application/json; charset=utf-8", "authorization": f"Bearer {self._secret}"}
        with httpx2.Client(timeout=SECONDS, trust_env=False) as client:
            within(client, SECONDS)
            # Only how it answers counts; what it says is not read.
            with client.stream("POST", self._way, content=body, headers=headers) as answer:
                if not answer.is_success:
                    log.error("the text gateway answered %s", answer.status_code)

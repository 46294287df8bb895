"""A bank that serves our bank API (docs/bank-api.yaml), in Python and its standard library alone.

    python3 examples/bank-api/reference_bank.py --cert bank.pem --key bank.key --client-ca connector.pem

The connector shows its certificate (mutual TLS). The password is "pass_good", codes are "123456".
Keep sessions and answers in a database of yours where this keeps them in memory.
"""

import argparse
import json
import secrets
import ssl
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIGN_IN = {"kind": "credentials", "prompt": {}}
CODE = {"kind": "one-time-code", "prompt": {"channel": "sms", "destination": "•••• 123", "length": 6, "sendAgain": True}}
CUSTOMERS = {"good": [], "sms": [CODE]}
ACCOUNTS = {"savings": "Savings account", "the-account-asked-for": "Business account"}

sessions, consents, done, lock = {}, {}, {}, threading.Lock()


def ask(session, challenge, **more):
    return {"type": "challenge", "challenge": challenge, "state": {"session": session["id"]}, "lang": "en", **more}


def wrong(session, challenge):
    session["wrong"] += 1
    if session["wrong"] >= 5:
        return {"type": "refused", "reason": "locked", "retryAfterSeconds": 1800}
    return ask(session, challenge, problem="wrong")


def go_on(session):
    if session["left"]:
        return ask(session, session["left"][0])
    consents[session["id"]] = secrets.token_urlsafe(32)
    return {
        "type": "authorised",
        # What the bank says the person has. Never copied from the request.
        "accounts": [{"externalId": account, "name": name} for account, name in ACCOUNTS.items()],
        # What your feed reads the accounts with; it alone can decrypt it.
        "grant": {"consent": session["id"], "token": consents[session["id"]]},
        # It comes back to /undo, unless Sage is told that the journey succeeded.
        "undo": {"id": session["id"], "state": None},
    }


def start(request):
    session = {"id": str(uuid.uuid4()), "wrong": 0, "left": None}
    sessions[session["id"]] = session
    return sign_in(session, request["answer"])


def sign_in(session, answer):
    entries = answer["value"] if answer["kind"] == "credentials" else {}
    user = entries.get("username")
    if user not in CUSTOMERS or entries.get("password") != "pass_good":
        return wrong(session, SIGN_IN)
    session.update(left=list(CUSTOMERS[user]), wrong=0)
    return go_on(session)


def session_in(request):
    # Without a state it would have come to /start, and every state of ours is an object.
    state = request["state"]
    if not isinstance(state, dict):
        raise ValueError("not a state of this bank")
    return state.get("session")


def answer(request):
    session = sessions.get(session_in(request))
    if session is None:
        return start(request)  # It is gone, so the person begins again.
    given = request["answer"]
    if session["left"] is None:
        return sign_in(session, given)
    value = given.get("value", {})
    if value.get("sendAgain"):
        return ask(session, session["left"][0], notice="sent-again")
    if value.get("code") != "123456":
        return wrong(session, session["left"][0])
    session["left"].pop(0)
    return go_on(session)


def poll(request):
    return {"type": "pending"}


def cancel(request):
    sessions.pop(session_in(request), None)


def undo(request):
    consents.pop(request["undo"]["id"], None)


OPERATIONS = {"/v1/start": start, "/v1/answer": answer, "/v1/poll": poll, "/v1/cancel": cancel, "/v1/undo": undo}


class Bank(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        found = self.path == "/v1/description"
        self.send(200 if found else 404, {"version": "1.0.0", "firstChallenge": SIGN_IN, "lang": "en"} if found else None)

    def refuse(self):
        self.body()
        self.send(405, None)

    do_PUT = do_PATCH = do_DELETE = refuse

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_POST(self):
        body = self.body()
        operation = OPERATIONS.get(self.path)
        if operation is None:
            return self.send(404, None)
        try:
            # The same key again gets the same answer: nothing is counted or sent twice.
            key = (self.path, self.headers["Idempotency-Key"])
            with lock:
                if key not in done:
                    done[key] = operation(json.loads(body))
            self.send(200 if done[key] else 204, done[key])
        except (ValueError, KeyError, TypeError):
            self.send(400, None)

    def send(self, status, result):
        problem = {"type": "about:blank", "title": "Not a request of this API", "status": status}
        text = b"" if status == 204 else json.dumps(result if result else problem).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
        self.send_header("Content-Length", str(len(text)))
        # Answers hold a person's state: nobody on the way may keep them.
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass  # Requests hold passwords: nothing of them is logged.


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    for name in ("--cert", "--key", "--client-ca"):
        options.add_argument(name, required=True)
    options.add_argument("--port", type=int, default=4100)
    given = options.parse_args()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=given.client_ca)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_cert_chain(given.cert, given.key)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Bank)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    print(f"A bank at https://localhost:{given.port}/v1", flush=True)
    server.serve_forever()

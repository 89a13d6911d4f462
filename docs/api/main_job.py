"""The main job from outside: a need is stated, and the best provider is asked."""

import json
import os
import urllib.request
import uuid

API = os.environ["YINQIAO_API"]  # such as http://127.0.0.1:8000/api/v1
TOKEN = os.environ["YINQIAO_TOKEN"]


def ask(method, path, body=None):
    request = urllib.request.Request(API + path, method=method)
    request.add_header("Authorization", f"Bearer {TOKEN}")
    if method == "POST":
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", str(uuid.uuid4()))
        request.data = json.dumps(body or {}).encode()
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


startup = ask("GET", "/startups?limit=1")["items"][0]["id"]
text = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."
need = ask(
    "POST", "/needs", {"startup": startup, "title": "Yield", "kind": "mentoring", "text": text}
)
run = ask("POST", f"/needs/{need['id']}/matches")
best = next(match for match in run["kinds"][0]["matches"] if match["can_be_asked"])
print(best["name"], best["strength"], *(pair["provider"] for pair in best["evidence"]), sep="\n")
engagement = ask("POST", "/engagements", {"need": need["id"], "provider": best["provider"]})
print(engagement["id"], engagement["state"], *engagement["actions"])

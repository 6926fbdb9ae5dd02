"""A chat endpoint of OpenAI's kind on a free port, which answers with given texts in turn."""

import http.server
import itertools
import json
import threading


def serve(texts):
    """Its address; it is served by a thread until the program ends."""
    answers = itertools.cycle(texts)

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            message = {"role": "assistant", "content": next(answers)}
            reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "fake"}
            reply["choices"] = [{"index": 0, "finish_reason": "stop", "message": message}]
            reply["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/v1"

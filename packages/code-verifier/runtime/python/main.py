"""CPython in a process of its own: says it is ready, runs one program, says what became of it."""

import builtins
import json
import os
import resource
import signal
import sys
import types

PROCESSES = 64


def keep(descriptor):
    """A descriptor out of the program's way."""
    kept = os.dup(descriptor)
    os.set_blocking(kept, True)
    return kept


READ, WRITE = keep(0), keep(1)
pending = b''


def receive():
    global pending
    while b'\n' not in pending:
        more = os.read(READ, 65536)
        if not more:
            os._exit(0)
        pending += more
    line, pending = pending.split(b'\n', 1)
    return json.loads(line)


def send(said):
    line = json.dumps(said).encode() + b'\n'
    while line:
        line = line[os.write(WRITE, line):]


def exchange(text):
    send({'kind': 'ask', 'text': text})
    return receive()


def limit(memory, output):
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # what would write more gets an error


def connect(stdin):
    """Standard input with a text in it, and an output to be read afterwards."""
    given, written = os.memfd_create('stdin'), os.memfd_create('stdout')
    os.write(given, stdin.encode('utf-8', 'surrogatepass'))
    os.lseek(given, 0, os.SEEK_SET)
    os.dup2(given, 0)
    os.dup2(written, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    return written


def main():
    settings = receive()
    for name, source in settings['sources']:
        module = types.ModuleType(name)
        module.__builtins__ = dict(builtins.__dict__)
        sys.modules[name] = module
        exec(compile(source, f'{name}.py', 'exec'), module.__dict__)
    program = sys.modules.pop('program')
    send({'kind': 'ready'})
    text = receive()
    request = json.loads(text)
    stdin = request.get('stdin', '')
    written = connect(stdin)
    limit(settings['memory'], max(settings['output'], len(stdin)))
    serve = program.serve_program if request['role'] == 'program' else program.run_main
    ended = serve(text, exchange)
    output = os.pread(written, settings['output'] + 1, 0)
    if len(output) >= settings['output']:
        send({'kind': 'died', 'cause': 'output', 'message': f'it wrote more than {settings["output"]} bytes'})
    send({'kind': 'done', 'text': ended, 'output': output.decode('utf-8', 'replace'), 'reusable': False})
    os._exit(0)


main()

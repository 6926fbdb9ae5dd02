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
    """Standard input with a text in it, and two outputs to be read afterwards."""
    given, written, complained = (os.memfd_create(name) for name in ('stdin', 'stdout', 'stderr'))
    os.write(given, stdin.encode('utf-8', 'surrogatepass'))
    os.lseek(given, 0, os.SEEK_SET)
    os.dup2(given, 0)
    os.dup2(written, 1)
    os.dup2(complained, 2)
    return written, complained


def contents(descriptor, length):
    return os.pread(descriptor, length, 0).decode('utf-8', 'replace')


def main():
    settings = receive()
    for name, source in settings['sources']:
        module = types.ModuleType(name)
        module.__builtins__ = dict(builtins.__dict__)
        sys.modules[name] = module
        exec(compile(source, f'{name}.py', 'exec'), module.__dict__)
    program = sys.modules['program']
    for name, _ in settings['sources']:
        if name != 'peer':  # a program may give such names to modules of its own
            del sys.modules[name]
    send({'kind': 'ready'})
    text = receive()
    request = json.loads(text)
    stdin = request.get('stdin', '')
    written, complained = connect(stdin)
    limit(settings['memory'], max(settings['output'], len(stdin)))
    serve = program.serve_program if request['role'] == 'program' else program.run_main
    ended = serve(text, exchange)
    most = settings['output']
    streams = {'stdout': contents(written, most), 'stderr': contents(complained, most)}
    if os.fstat(written).st_size + os.fstat(complained).st_size >= most:
        send({'kind': 'died', 'cause': 'output', 'message': f'it wrote more than {most} bytes', **streams})
    send({'kind': 'done', 'text': ended, **streams, 'reusable': False})
    os._exit(0)


main()

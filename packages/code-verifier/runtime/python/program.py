"""The side of the program: it runs the code, then answers what the other side asks of it."""

import builtins
import sys
import types

from peer import Peer, cause_of, description, from_text, library_name, to_text

MARK = '\ufeff'  # with which some editors begin a file


def serve_program(text, exchange):
    """Runs the code as a module, then answers until it is told to end."""
    request = from_text(text)
    module = new_module('solution')
    peer = Peer(exchange, True)
    reply = load(request['code'], module)
    while True:
        request = from_text(exchange(to_text(reply)))
        if request['do'] == 'end':
            return '{}'
        if request['do'] == 'names':
            reply = peer_names(peer, module, request['names'])
        else:
            reply = peer.serve(request)


def new_module(name):
    """A module with the functions of the language that a program may replace; ours have a copy."""
    module = types.ModuleType(name)
    module.__builtins__ = builtins
    module.__file__ = 'solution.py'
    sys.modules[name] = module
    sys.argv = ['solution.py']
    return module


def load(code, module):
    try:
        exec(compile(code.removeprefix(MARK), 'solution.py', 'exec', dont_inherit=True), module.__dict__)
        return {'value': None}
    except BaseException as error:
        return {'threw': description(error)}


def peer_names(peer, module, names):
    """Those of the names that the program gave something else than a module."""
    found = {}
    for name in names:
        value = module.__dict__.get(name, peer)
        if value is not peer and not isinstance(value, types.ModuleType):
            library = library_name(value)
            found[name] = peer.pack(value) if library is None else {'library': library}
    return {'names': found}


def run_main(text, exchange):
    """Runs the code as a main program on the standard streams. Returns how it ended."""
    module = new_module('__main__')
    try:
        exec(compile(from_text(text)['code'].removeprefix(MARK), 'solution.py', 'exec', dont_inherit=True), module.__dict__)
        ended = {}
    except SystemExit as error:
        ended = {} if error.code in (None, 0) else {'threw': description(error)}
    except BaseException as error:
        ended = {'threw': description(error)}
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException as error:
            ended = ended or {'threw': {**description(error), 'cause': cause_of(error)}}
    return to_text(ended)

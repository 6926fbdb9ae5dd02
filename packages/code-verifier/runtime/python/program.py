"""The side of the program: it runs the code, then answers what the other side asks of it."""

import builtins
import linecache
import sys
import traceback
import types

from errors import description
from library import library_name
from peer import Peer
from text import from_text, to_text

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
    """Runs the code as a main program on the standard streams. Returns its exit status, and the error it ended with."""
    module = new_module('__main__')
    code = from_text(text)['code'].removeprefix(MARK)
    ended = {'status': 0}
    try:
        exec(compile(code, 'solution.py', 'exec', dont_inherit=True), module.__dict__)
    except SystemExit as error:
        ended = asked_to_end(error)
    except BaseException as error:
        ended = raised(error)
        show_traceback(error, code)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException as error:
            ended = ended if 'threw' in ended else raised(error)
    return to_text(ended)


def raised(error):
    return {'status': 1, 'threw': description(error)}


def asked_to_end(error):
    """As CPython: nothing is 0, an integer is itself, anything else is written to standard error and is 1."""
    code = error.code
    if code is None:
        return {'status': 0}
    if isinstance(code, int):
        status = int.__and__(code, 0xFF)
        return {'status': status, 'threw': description(error)} if int.__ne__(code, 0) else {'status': 0}
    try:
        print(code, file=sys.stderr)
    except BaseException:
        pass  # a program may have closed it
    return raised(error)


def show_traceback(error, code):
    """Writes to standard error what CPython writes: our own frame is the first, and is left out."""
    try:
        linecache.cache['solution.py'] = (len(code), None, code.splitlines(True), 'solution.py')
        traceback.print_exception(error.with_traceback(error.__traceback__.tb_next))
    except BaseException:
        pass  # a program may have broken what shows it

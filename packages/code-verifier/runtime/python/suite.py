"""The side of the tests: it runs them on values alone. The program's interpreter never sees them."""

import ast
import builtins
import random
import sys
import types
import unittest

from errors import MESSAGE_LENGTH, Ended, shown
from peer import Peer
from text import from_text, to_text


def serve_suite(text, exchange):
    return to_text(Suite(from_text(text), exchange).verdict())


class Unusable(Exception):
    """The tests themselves cannot be run."""


class Suite:
    def __init__(self, request, exchange):
        self.source = request['assertions'] if 'assertions' in request else PAIRS
        self.setup = request.get('setup') or ''
        self.entry_point = request.get('entryPoint')
        self.pairs = request.get('pairs')
        self.peer = Peer(exchange, False)
        self.lines = self.source.splitlines()
        self.checks = 0
        self.line = 0

    def verdict(self):
        random.seed(0)
        try:
            self.run()
        except Unusable as error:
            return {'verdict': 'unscored', 'message': str(error)}
        except Ended:
            pass
        except BaseException as error:
            if self.peer.ended is None:
                return self.of_error(error)
        if self.peer.ended is not None:
            return {'verdict': 'failed', 'cause': self.peer.ended.cause, 'message': str(self.peer.ended)}
        called = self.peer.calls > 1
        if self.checks == 0 and called and self.counted.assertions == 0:
            self.checks = self.counted.raises
        if self.checks > 0:
            return {'verdict': 'passed', 'checks': self.checks}
        if called and self.counted.assertions > 0:
            return {'verdict': 'failed', 'cause': 'assertion', 'message': 'no assertion was reached'}
        return {'verdict': 'unscored', 'message': 'the tests check nothing'}

    def run(self):
        tree = parsed(self.source, 'the tests')
        self.counted = Counted()
        tree = ast.fix_missing_locations(self.counted.visit(tree))
        module = types.ModuleType('__main__')
        sys.modules['__main__'] = module
        names = module.__dict__
        names['__builtins__'] = builtins
        names.update(self.program_names(tree))
        names.update(self.setup_names())
        names['__assertion__'] = self.reached
        names['__pairs__'] = self.pairs
        try:
            exec(compile(tree, 'tests.py', 'exec', dont_inherit=True), names)
            self.run_collected(names)
        except SystemExit as error:  # what unittest.main ends with
            if error.code:
                raise AssertionError(f'the tests ended with status {error.code}')
            self.checks += 1

    def program_names(self, tree):
        """What the program defines and the tests name; of the library's names it defines only what they call."""
        nodes = list(ast.walk(tree))
        wanted = {node.id for node in nodes if isinstance(node, ast.Name)}
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        libraries = {name for name in wanted - called - {self.entry_point} if name in sys.stdlib_module_names}
        wanted = {name for name in wanted if not hasattr(builtins, name) and not name.startswith('__')} - libraries
        if self.entry_point is not None:
            wanted.add(self.entry_point)
        found = self.peer.names(wanted | imported_of_program(nodes))
        sys.modules['solution'] = module = types.ModuleType('solution')
        module.__dict__.update(found)
        if self.entry_point is not None:
            if self.entry_point not in found:
                raise self.peer.end('error', f'the program defines no {self.entry_point}')
            found['candidate'] = found['__entry_point__'] = found[self.entry_point]
        return {**{name: __import__(name) for name in libraries}, **found}

    def setup_names(self):
        """What the setup defines, but for functions that are left to the program."""
        try:
            tree = parsed(self.setup, 'the setup')
        except Unusable:
            tree = parsed(self.setup + '\n    pass\n', 'the setup')
        tree.body = [node for node in tree.body if not is_stub(node, self.entry_point)]
        names = {'__builtins__': builtins}
        exec(compile(tree, 'setup.py', 'exec', dont_inherit=True), names)
        del names['__builtins__']
        return names

    def run_collected(self, names):
        """What a test runner would find: check(candidate), test functions and test cases, where nothing ran yet."""
        check = names.get('check')
        if self.entry_point is not None and isinstance(check, types.FunctionType) and self.checks == 0:
            check(names['candidate'])
        if self.checks > 0:
            return
        for name, value in list(names.items()):
            if name.startswith('test') and isinstance(value, types.FunctionType) and value.__code__.co_argcount == 0:
                self.checks += 1
                value()
            elif isinstance(value, type) and issubclass(value, unittest.TestCase):
                self.run_case(value)

    def run_case(self, kind):
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(result)
        self.checks += result.testsRun
        for test, trace in result.failures + result.errors:
            raise AssertionError(f'{test.id()}: {trace.strip().splitlines()[-1]}')

    def reached(self, line):
        self.checks += 1
        self.line = line

    def of_error(self, error):
        of_program = getattr(error, 'of_program', None)
        if of_program is not None:
            return {'verdict': 'failed', **{key: value for key, value in of_program.items() if value is not None}}
        if isinstance(error, AssertionError):
            said = f': {shown(error)}' if str(error) else ''
            source = self.lines[self.line - 1].strip()[:MESSAGE_LENGTH] if 0 < self.line <= len(self.lines) else ''
            return {'verdict': 'failed', 'cause': 'assertion', 'message': f'{source}{said}'}
        if isinstance(error, ModuleNotFoundError):
            return {'verdict': 'unscored', 'message': f'the tests import {error.name}, which is not installed here'}
        if self.peer.calls <= 1 and not isinstance(error, NameError):
            return {'verdict': 'unscored', 'message': f'the tests failed before they called the program: {shown(error)}'}
        return {'verdict': 'failed', 'cause': 'error', 'message': shown(error)}


PAIRS = '''
for __pair__ in __pairs__:
    assert __entry_point__(*__pair__['arguments']) == __pair__['expected']
'''


class Counted(ast.NodeTransformer):
    """Says before each assertion that it is reached. A suite without any may raise of its own accord."""

    def __init__(self):
        self.assertions = self.raises = 0

    def visit_Assert(self, node):
        self.assertions += 1
        return [self.mark(node), node]

    def visit_Raise(self, node):
        self.raises += 1
        return node

    def mark(self, node):
        call = ast.Call(ast.Name('__assertion__', ast.Load()), [ast.Constant(node.lineno)], [])
        return ast.copy_location(ast.Expr(call), node)


def parsed(source, what):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise Unusable(f'{what} are no Python: {shown(error)}' if what == 'the tests' else f'{what} is no Python')


def imported_of_program(nodes):
    """Names that the tests import from the program, as `from solution import solve`."""
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == 'solution']
    return {alias.name for node in imports for alias in node.names if alias.name != '*'}


def is_stub(node, entry_point):
    """Whether a function of the setup is only announced: the entry point, or one whose body is its docstring."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return node.name == entry_point or all(
        isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in node.body
    )

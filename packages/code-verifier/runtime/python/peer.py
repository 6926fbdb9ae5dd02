"""What two Python interpreters say to each other: calls, and values by their exact type.

Plain values are copied. Every other object stays where it is, and the other side holds a `Remote`, which asks its owner.
"""

import builtins
import json
import operator
import sys
from collections import deque
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

SAFE_INTEGER = 2**53
MESSAGE_LENGTH = 300
BROKEN = 'the program broke the interpreter that it runs in'


ENCODER = json.JSONEncoder()
SCAN = json.JSONDecoder().scan_once


def to_text(value):
    """As json.dumps, which asks `isinstance`; a program may have replaced that."""
    return ''.join(ENCODER.iterencode(value, _one_shot=True))


def from_text(text):
    """As json.loads, which asks `len`."""
    return SCAN(text, 0)[0]


class Ended(BaseException):
    """The other interpreter is gone, or its program asked to leave. No suite may swallow it."""

    def __init__(self, cause, message):
        super().__init__(message)
        self.cause = cause


class ProgramError(Exception):
    """An exception of a class that only the program has."""


class Peer:
    """One side of the conversation. `exchange` sends a text and waits for the next one."""

    def __init__(self, exchange, open):
        self.exchange = exchange
        self.open = open  # whether the other side may have whatever it asks for: only that of the tests may
        self.kept = {}  # objects that the other side holds, by number
        self.numbers = {}  # their numbers, by identity
        self.remotes = {}
        self.ended = None
        self.calls = 0

    # ── values ──────────────────────────────────────────────────────────────────────────────────────────────────

    def pack(self, value):
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is float:
            return value
        if kind is int:
            return value if -SAFE_INTEGER < value < SAFE_INTEGER else {'int': hex(value)}
        if kind is list:
            return [self.pack(entry) for entry in value]
        if kind is Remote:
            return {'yours': number_of(value)}
        pack = PACK.get(kind)
        if pack is not None:
            return pack(self, value)
        name = library_name(value)
        if name is not None and (not self.open or is_plain_type(value)):
            return {'name': name}
        for base in kind.__mro__[1:]:
            if base in PLAIN_BASES:
                return self.pack(PLAIN_BASES[base](value))
        return {'kept': self.keep(value)}

    def keep(self, value):
        number = self.numbers.get(id(value))
        if number is None:
            number = len(self.kept)
            self.kept[number] = value
            self.numbers[id(value)] = number
        return number

    def unpack(self, packed):
        kind = type(packed)
        if kind is list:
            return [self.unpack(entry) for entry in packed]
        if kind is not dict:
            return packed
        if 'kept' in packed:
            return self.remote(packed['kept'])
        if 'yours' in packed:
            return self.kept[packed['yours']]
        if 'name' in packed:
            return self.named(*packed['name'])
        ((tag, content),) = packed.items()
        return UNPACK[tag](self, content)

    def remote(self, number):
        if number not in self.remotes:
            self.remotes[number] = Remote(self, number)
        return self.remotes[number]

    def named(self, module, name):
        value = from_library(module, name)
        if self.open or is_plain_type(value):
            return value
        raise ValueError(f'{module}.{name} cannot be handed over')

    # ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, request):
        """What the other side answers; it may ask things of its own before."""
        if self.ended is not None:
            raise self.ended
        self.calls += 1
        reply = self.read(self.exchange(to_text(request)))
        while 'do' in reply:
            reply = self.read(self.exchange(to_text(self.serve(reply))))
        if 'died' in reply:
            raise self.end(reply['died'], str(reply.get('message')))
        if 'threw' in reply:
            raise self.thrown(reply['threw'])
        return reply

    def value(self, request):
        reply = self.ask(request)
        try:
            return self.unpack(reply['value'])
        except Exception as error:
            raise self.no_value(error)

    def no_value(self, error):
        return self.end('error', f'the program returned something that is no value: {shown(error)}')

    def names(self, wanted):
        """What the program defines of the names."""
        reply = self.ask({'do': 'names', 'names': sorted(wanted)})
        try:
            given = reply['names']  # of which only what was asked for counts: others could be the tests' own
            return {name: self.defined(given[name]) for name in wanted if name in given and not renamed(name, given)}
        except Exception:
            raise self.end('error', BROKEN)

    def defined(self, packed):
        if type(packed) is dict and 'library' in packed:
            return from_library(*packed['library'])
        return self.unpack(packed)

    def read(self, text):
        try:
            reply = from_text(text)
            if type(reply) is dict:
                return reply
        except Exception:
            pass
        raise self.end('error', BROKEN)

    def end(self, cause, message):
        self.ended = self.ended or Ended(cause, message)
        return self.ended

    def thrown(self, threw):
        message = str(threw.get('message'))[:MESSAGE_LENGTH]
        cause = str(threw.get('cause'))
        if cause == 'exit':
            return self.end('exit', message)
        kind = getattr(builtins, str(threw.get('class')), None)
        if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, UnicodeError):
            kind = ProgramError
        error = kind(message)
        error.of_program = {'cause': cause, 'message': message, 'module': threw.get('module')}
        return error

    def call(self, number, arguments, named):
        packed = [self.pack(entry) for entry in arguments]
        reply = self.ask({
            'do': 'call',
            'target': number,
            'arguments': packed,
            'named': [[name, self.pack(entry)] for name, entry in named.items()],
        })
        try:
            for argument, changed in zip(arguments, reply.get('changed') or ()):
                if changed is not None:
                    renew(argument, self.unpack(changed['to']))
            if 'argument' in reply:
                return arguments[reply['argument']]
            return self.unpack(reply['value'])
        except Exception as error:
            raise self.no_value(error)

    # ── answering ───────────────────────────────────────────────────────────────────────────────────────────────

    def serve(self, request):
        try:
            return self.answer(request)
        except Ended:
            raise
        except BaseException as error:
            return {'threw': description(error)}

    def answer(self, request):
        target = self.kept[request['target']]
        if request['do'] == 'call':
            return self.answer_call(target, request)
        name, arguments = request['name'], [self.unpack(entry) for entry in request['arguments']]
        if request['do'] == 'operate':
            return {'value': self.pack(OPERATIONS[name](target, *arguments))}
        if not self.open and (name.startswith('_') or type(target).__module__ != '__main__'):
            raise TypeError(f'{name} is not to be had')  # frames, code and globals of the tests least of all
        if request['do'] == 'get':
            return {'value': self.pack(getattr(target, name))}
        setattr(target, name, *arguments)
        return {'value': None}

    def answer_call(self, target, request):
        packed = request['arguments']
        arguments = [self.unpack(entry) for entry in packed]
        result = target(*arguments, **{name: self.unpack(entry) for name, entry in request['named']})
        reply = {}
        if any(type(argument) in CHANGEABLE for argument in arguments):
            after = [self.pack(a) if type(a) in CHANGEABLE else before for a, before in zip(arguments, packed)]
            if after != packed or to_text(after) != to_text(packed):
                reply['changed'] = [None if a is b else {'to': a} for a, b in zip(after, packed)]
        for place, argument in enumerate(arguments):
            if result is argument and type(result) in CHANGEABLE:
                return {**reply, 'argument': place}
        return {**reply, 'value': self.pack(result)}


def renamed(name, given):
    """Whether the program has something of the library under another name than its own."""
    packed = given[name]
    return type(packed) is dict and 'library' in packed and packed['library'][1] != name


# ── objects of the other side ───────────────────────────────────────────────────────────────────────────────────────


class Remote:
    """
    An object of the other interpreter. Its claims count only about itself: it is never equal to a plain value, and
    what an operator makes of it and a plain value is an object of the other side again.
    """

    __slots__ = ('_peer', '_number', '_mixed')

    def __init__(self, peer, number):
        object.__setattr__(self, '_peer', peer)
        object.__setattr__(self, '_number', number)
        object.__setattr__(self, '_mixed', False)  # whether an operator made it with a plain value

    def __call__(self, *arguments, **named):
        return peer_of(self).call(number_of(self), arguments, named)

    def __getattr__(self, name):
        return peer_of(self).value({'do': 'get', 'target': number_of(self), 'name': name, 'arguments': []})

    def __setattr__(self, name, value):
        peer = peer_of(self)
        peer.value({'do': 'set', 'target': number_of(self), 'name': name, 'arguments': [peer.pack(value)]})

    def __eq__(self, other):
        return self is other or (type(other) is Remote and operate(self, 'eq', other) is True)

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return number_of(self)

    def __instancecheck__(self, value):
        return type(value) is Remote and operate(self, 'isinstance', value) is True


def peer_of(remote):
    return object.__getattribute__(remote, '_peer')


def number_of(remote):
    return object.__getattribute__(remote, '_number')


def operate(remote, name, *arguments):
    peer = peer_of(remote)
    packed = [peer.pack(argument) for argument in arguments]
    return peer.value({'do': 'operate', 'target': number_of(remote), 'name': name, 'arguments': packed})


def next_of(iterator):
    """The next value in a list, or no list at the end: StopIteration would end a generator in between."""
    for value in iterator:
        return [value]
    return None


def next_remote(remote):
    found = operate(remote, 'next')
    if type(found) is list:
        return found[0]
    raise StopIteration


def typed(name, kind):
    """An operation whose answer is of one kind."""

    def method(remote, *arguments):
        answer = operate(remote, name, *arguments)
        if type(answer) is kind:
            return answer
        raise TypeError(f'{name} gave {type(answer).__name__}')

    return method


def arithmetic(name):
    def method(remote, *others):
        answer = operate(remote, name, *others)
        if all(type(other) is Remote for other in others):
            return answer
        if type(answer) is not Remote:
            return NotImplemented
        object.__setattr__(answer, '_mixed', True)
        return answer

    return method


def comparison(name):
    def method(remote, other):
        return operate(remote, name, other) is True if type(other) is Remote else NotImplemented

    return method


OPERATIONS = {
    'eq': lambda a, b: bool(a == b),
    'isinstance': lambda kind, value: isinstance(value, kind),
    'iter': iter,
    'next': next_of,
    'enter': lambda a: a.__enter__(),
    'exit': lambda a, *about: a.__exit__(*about),
    'len': len,
    'bool': bool,
    'str': str,
    'repr': repr,
    'contains': operator.contains,
    'getitem': operator.getitem,
    'setitem': operator.setitem,
    'delitem': operator.delitem,
}


def truth(remote):
    """`not (f(3) - 14)` is a comparison with a plain value, of which no object of the program has the say."""
    if object.__getattribute__(remote, '_mixed'):
        raise TypeError('the program returned an object where a number is needed')
    return typed('bool', bool)(remote)


Remote.__bool__ = truth
for _name, _kind in {'len': int, 'str': str, 'repr': str, 'contains': bool}.items():
    setattr(Remote, f'__{_name}__', typed(_name, _kind))
for _name in ('iter', 'getitem', 'setitem', 'delitem', 'enter', 'exit'):
    setattr(Remote, f'__{_name}__', lambda self, *arguments, _name=_name: operate(self, _name, *arguments))
Remote.__next__ = next_remote
for _name in ('lt', 'le', 'gt', 'ge'):
    OPERATIONS[_name] = getattr(operator, _name)
    setattr(Remote, f'__{_name}__', comparison(_name))
for _name in ('add', 'sub', 'mul', 'matmul', 'truediv', 'floordiv', 'mod', 'pow', 'and_', 'or_', 'xor', 'neg', 'invert'):
    _plain = _name.rstrip('_')
    OPERATIONS[_plain] = getattr(operator, _name)
    setattr(Remote, f'__{_plain}__', arithmetic(_plain))
    if _name not in ('neg', 'invert'):
        OPERATIONS[f'r{_plain}'] = lambda a, b, _do=OPERATIONS[_plain]: _do(b, a)
        setattr(Remote, f'__r{_plain}__', arithmetic(f'r{_plain}'))


# ── plain values ────────────────────────────────────────────────────────────────────────────────────────────────────

CHANGEABLE = {list, dict, set, bytearray, deque}


def entries(peer, value):
    return [peer.pack(entry) for entry in value]


PACK = {
    tuple: lambda peer, value: {'tuple': entries(peer, value)},
    set: lambda peer, value: {'set': entries(peer, value)},
    frozenset: lambda peer, value: {'frozenset': entries(peer, value)},
    deque: lambda peer, value: {'deque': [entries(peer, value), value.maxlen]},
    dict: lambda peer, value: {'dict': [[peer.pack(key), peer.pack(entry)] for key, entry in value.items()]},
    bytes: lambda peer, value: {'bytes': value.hex()},
    bytearray: lambda peer, value: {'bytearray': value.hex()},
    complex: lambda peer, value: {'complex': [value.real, value.imag]},
    range: lambda peer, value: {'range': [peer.pack(part) for part in (value.start, value.stop, value.step)]},
    slice: lambda peer, value: {'slice': [peer.pack(part) for part in (value.start, value.stop, value.step)]},
    Decimal: lambda peer, value: {'decimal': str(value)},
    Fraction: lambda peer, value: {'fraction': [peer.pack(value.numerator), peer.pack(value.denominator)]},
    datetime: lambda peer, value: {'datetime': value.isoformat()},
    date: lambda peer, value: {'date': value.isoformat()},
    timedelta: lambda peer, value: {'timedelta': [value.days, value.seconds, value.microseconds]},
    type(NotImplemented): lambda peer, value: {'constant': 'NotImplemented'},
    type(...): lambda peer, value: {'constant': 'Ellipsis'},
}


def unpacked(peer, content):
    return [peer.unpack(entry) for entry in content]


UNPACK = {
    'int': lambda peer, content: int(content, 16),
    'tuple': lambda peer, content: tuple(unpacked(peer, content)),
    'set': lambda peer, content: set(unpacked(peer, content)),
    'frozenset': lambda peer, content: frozenset(unpacked(peer, content)),
    'deque': lambda peer, content: deque(unpacked(peer, content[0]), content[1]),
    'dict': lambda peer, content: {peer.unpack(key): peer.unpack(entry) for key, entry in content},
    'bytes': lambda peer, content: bytes.fromhex(content),
    'bytearray': lambda peer, content: bytearray.fromhex(content),
    'complex': lambda peer, content: complex(*content),
    'range': lambda peer, content: range(*unpacked(peer, content)),
    'slice': lambda peer, content: slice(*unpacked(peer, content)),
    'decimal': lambda peer, content: Decimal(content),
    'fraction': lambda peer, content: Fraction(*unpacked(peer, content)),
    'datetime': lambda peer, content: datetime.fromisoformat(content),
    'date': lambda peer, content: date.fromisoformat(content),
    'timedelta': lambda peer, content: timedelta(*content),
    'constant': lambda peer, content: {'NotImplemented': NotImplemented, 'Ellipsis': ...}[content],
}

# An instance of a class of the program's own is its base value: none of its methods is called.
PLAIN_BASES = {
    int: lambda value: int.__add__(value, 0),
    float: lambda value: float.__mul__(value, 1.0),
    complex: lambda value: complex.__add__(value, 0),
    str: lambda value: str.__add__('', value),
    bytes: lambda value: bytes.__add__(b'', value),
    bytearray: lambda value: bytearray.__getitem__(value, slice(None)),
    list: lambda value: list.__getitem__(value, slice(None)),
    tuple: lambda value: tuple.__getitem__(value, slice(None)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    datetime: lambda value: datetime.fromisoformat(datetime.isoformat(value)),
    date: lambda value: date.fromisoformat(date.isoformat(value)),
    timedelta: lambda value: timedelta(value.days, value.seconds, value.microseconds),
}


def library_name(value):
    """Module and name of a class or function that every interpreter has."""
    module, name = getattr(value, '__module__', None), getattr(value, '__name__', None)
    if type(module) is not str or type(name) is not str or module not in LIBRARY:
        return None
    return [module, name] if getattr(sys.modules.get(module), name, None) is value else None


LIBRARY = sys.stdlib_module_names | {'builtins'}


def from_library(module, name):
    if module not in LIBRARY:
        raise ValueError(f'{module} is no module of the library')
    return getattr(__import__(module), name)


def is_plain_type(value):
    return isinstance(value, type) and value.__module__ == 'builtins'


def renew(old, new):
    """Gives a list, dictionary or set the contents it was given on the other side; what is within stays itself."""
    if type(old) is not type(new) or type(old) not in CHANGEABLE:
        return new
    if type(old) is list:
        old[:] = [renew(a, b) for a, b in zip(old, new)] + new[len(old):]
    elif type(old) is dict:
        fresh = {key: renew(old[key], entry) if key in old else entry for key, entry in new.items()}
        old.clear()
        old.update(fresh)
    elif type(old) is bytearray:
        old[:] = new
    else:
        old.clear()
        (old.update if type(old) is set else old.extend)(new)
    return old


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(error):
    """The error's class and words, whatever its methods do."""
    try:
        words = str(error)[:MESSAGE_LENGTH]
    except BaseException:
        words = 'an error that cannot be shown'
    return f'{type(error).__name__}: {words}' if words else type(error).__name__


def description(error):
    kind = next((base.__name__ for base in type(error).__mro__ if base.__module__ == 'builtins'), 'Exception')
    described = {'class': kind, 'message': shown(error), 'cause': cause_of(error)}
    if isinstance(error, ModuleNotFoundError) and type(error.name) is str:
        described['module'] = error.name.split('.')[0]
    return described


def cause_of(error):
    if isinstance(error, MemoryError):
        return 'memory'
    return 'error' if isinstance(error, Exception) else 'exit'

"""What two Python interpreters say to each other: calls, and values by their exact type.

Plain values are copied. Every other object stays where it is, and the other side holds a `Remote`, which asks its owner.
"""

from errors import Ended, description, error_of, shown
from library import from_library, is_plain_type, library_name, renamed
from plain import CHANGEABLE, PACK, PLAIN_BASES, UNPACK, renew
from remote import OPERATIONS, Remote, number_of
from text import from_text, to_text

SAFE_INTEGER = 2**53
BROKEN = 'the program broke the interpreter that it runs in'


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
        error = error_of(threw)
        return self.end('exit', str(error)) if error.of_program['cause'] == 'exit' else error

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

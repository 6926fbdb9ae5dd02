"""Objects of the other interpreter, and the operators that are asked of them."""

import operator


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

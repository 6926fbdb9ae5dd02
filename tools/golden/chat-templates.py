"""Golden values of @posttrain/text: chats and completions with messages in between, by Hugging Face's apply_chat_template.

    pip install transformers jinja2
    python tools/golden/chat-templates.py   # reads tools/golden/chat-templates/*.jinja and the tokenizers of hugging-face.py

A completion is what follows the prompt in a whole conversation, up to what its last turn says. Its mask is read off the
rendered text: 1 on tokens of what a turn of the model says, and on the end token behind it.
"""

import json
import pathlib

from transformers import PreTrainedTokenizerFast

here = pathlib.Path(__file__).parent
END = "<|end|>"

CHATS = [
    [("user", "Four numbers: 1, 3, 4, 6.")],
    [("system", "Größe und 数字 "), ("user", " What is (8 / (3 - 8 / 3))?")],
    [("user", "Hi"), ("assistant", " They're 24's "), ("user", "emoji 👩‍👩‍👧 é")],
    [("system", "Tools."), ("user", "Two tools"), ("assistant", "calls"), ("tool", "1"), ("tool", "2")],
    [("assistant", "first")],
]
CONVERSATIONS = [
    ([("user", "6 * 4?")], [("assistant", "call 6 * 4"), ("tool", "24"), ("assistant", "It is 24.")]),
    ([("system", "S"), ("user", "U")], [("assistant", "Größe"), ("tool", "数"), ("tool", "字"), ("assistant", "👩")]),
    (
        [("user", "One?")],
        [("assistant", "yes"), ("user", "Two?"), ("assistant", "no"), ("user", "Who?"), ("assistant", "They're")],
    ),
]


def messages(turns):
    return [{"role": role, "content": content} for role, content in turns]


def conversation_golden(tokenizer, template, prompt, rest):
    render = lambda turns, opened: tokenizer.apply_chat_template(
        messages(turns), chat_template=template, tokenize=False, add_generation_prompt=opened
    )
    whole = render(prompt + rest, False)
    encoded = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)
    ids, offsets = encoded["input_ids"], encoded["offset_mapping"]
    spans, at = [], len(render(prompt, True))
    for place, (role, content) in enumerate(rest):
        start = whole.index(content, at)  # contents are chosen such that no word of a template has them
        at = start + len(content)
        if role == "assistant":
            last = place == len(rest) - 1
            spans.append((start, at if last else whole.index(END, at) + len(END)))
    begin = len(tokenizer(render(prompt, True), add_special_tokens=False)["input_ids"])
    end = max(i for i, (a, b) in enumerate(offsets) if a < spans[-1][1]) + 1
    mask = [int(any(s <= a and b <= e and a < b for s, e in spans)) for a, b in offsets[begin:end]]
    return {"prompt": messages(prompt), "rest": messages(rest), "tokens": ids[begin:end], "mask": mask}


golden = {}
for family in ["gpt2", "llama"]:
    special = {"eos_token": END, **({"bos_token": "<|start|>"} if family == "llama" else {})}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(here / "hugging-face" / family / "tokenizer.json"),
        clean_up_tokenization_spaces=False,
        **special,
    )
    for path in sorted((here / "chat-templates").glob("*.jinja")):
        template = path.read_text()
        chats = []
        for turns in CHATS:
            row = {"chat": messages(turns)}
            try:
                both = dict(chat_template=template, add_generation_prompt=True)
                row["text"] = tokenizer.apply_chat_template(messages(turns), tokenize=False, **both)
                row["tokens"] = tokenizer.apply_chat_template(messages(turns), return_dict=False, **both)
            except Exception as error:
                row["refused"] = str(error)
            chats.append(row)
        conversations = []
        for prompt, rest in CONVERSATIONS:
            if path.stem == "alternating" and any(role == "tool" for role, _ in rest):
                continue
            conversations.append(conversation_golden(tokenizer, template, prompt, rest))
        golden[f"{family} {path.stem}"] = {"special": special, "chats": chats, "conversations": conversations}
(here / "chat-templates.json").write_text(json.dumps(golden, ensure_ascii=True) + "\n")

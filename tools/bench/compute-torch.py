"""PyTorch's side of the compute benchmark: eager, on one thread. Reads a request per line, answers as JSON.

Its argument is a file with the model's sizes, weights and batch as JSON; weights are stored as inputs x outputs.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


class Model(torch.nn.Module):
    """The decoder of the benchmark, with linear layers as torch.nn.functional.linear wants them."""

    def __init__(self, config, values, shapes):
        super().__init__()
        self.config = config
        self.names = list(shapes)
        tensors = {}
        for name, shape in shapes.items():
            tensor = torch.tensor(values[name], dtype=torch.float32).reshape(shape)
            is_linear = name.endswith(".weight") or name == "head"
            tensors[name.replace(".", "_")] = torch.nn.Parameter(tensor.T.contiguous() if is_linear else tensor)
        self.p = torch.nn.ParameterDict(tensors)

    def linear(self, name, x):
        return F.linear(x, self.p[f"{name}_weight"], self.p[f"{name}_bias"])

    def norm(self, name, x):
        return F.layer_norm(x, (self.config["width"],), self.p[f"{name}_gain"], self.p[f"{name}_bias"])

    def layer(self, number, x, attend):
        x = x + self.linear(f"{number}_out", attend(number, self.linear(f"{number}_qkv", self.norm(f"{number}_norm1", x))))
        hidden = F.gelu(self.linear(f"{number}_up", self.norm(f"{number}_norm2", x)), approximate="tanh")
        return x + self.linear(f"{number}_down", hidden)

    def forward(self, tokens):
        batch, length = tokens.shape
        heads, width = self.config["heads"], self.config["width"]

        def attend(_, qkv):
            q, k, v = qkv.view(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            return out.transpose(1, 2).reshape(batch, length, width)

        x = self.p["tokens"][tokens] + self.p["positions"][:length]
        for number in range(self.config["layers"]):
            x = self.layer(number, x, attend)
        return F.linear(self.norm("norm", x), self.p["head"])

    def decode(self, tokens, position, keys, values):
        """Logits after one more token per sequence; keys and values are layers x batch x heads x capacity x head size."""
        batch, heads, width = len(tokens), self.config["heads"], self.config["width"]

        def attend(number, qkv):
            q, k, v = qkv.view(batch, 3, heads, 1, width // heads).unbind(1)
            keys[number][:, :, position : position + 1] = k
            values[number][:, :, position : position + 1] = v
            seen = slice(0, position + 1)
            out = F.scaled_dot_product_attention(q, keys[number][:, :, seen], values[number][:, :, seen])
            return out.reshape(batch, width)

        x = self.p["tokens"][tokens] + self.p["positions"][position]
        for number in range(self.config["layers"]):
            x = self.layer(number, x, attend)
        return F.linear(self.norm("norm", x), self.p["head"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    config, decoding = given["config"], given["decoding"]
    model = Model(config, given["values"], given["shapes"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01)
    tokens = torch.tensor(given["tokens"]).reshape(config["batch"], config["context"])
    targets = torch.tensor(given["targets"])
    sequences, new_tokens = decoding["sequences"], decoding["newTokens"]
    cache_shape = (config["layers"], sequences, config["heads"], new_tokens, config["width"] // config["heads"])
    keys, values = torch.zeros(cache_shape), torch.zeros(cache_shape)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(tokens).flatten(0, 1), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    @torch.inference_mode()
    def sample():
        drawn = torch.zeros(sequences, dtype=torch.long)
        count = 0
        for position in range(new_tokens):
            probabilities = model.decode(drawn, position, keys, values).softmax(-1)
            drawn = torch.multinomial(probabilities, 1)[:, 0]
            count += len(drawn.tolist())
        return count

    @torch.inference_mode()
    def forced():
        for position in range(new_tokens):
            logits = model.decode(torch.tensor(decoding["forced"][position]), position, keys, values)
        return logits.flatten().tolist()

    def timed(work):
        start = time.process_time()
        work()
        return 1000 * (time.process_time() - start)

    handlers = {"loss": step, "step": lambda: timed(step), "forced": forced, "decode": lambda: timed(sample)}
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(handlers[line.strip()]()), flush=True)


main()
